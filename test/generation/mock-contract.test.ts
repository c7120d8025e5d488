import { estimateTokens } from "../../src/chunking/tokens.ts";
import { SiteragError } from "../../src/errors.ts";
import type { GenerationRequest } from "../../src/generation/client.ts";
import { MockGenerator } from "../../src/generation/mock-generator.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { describeGenerationClient } from "../contracts/generation-client.ts";

describeGenerationClient("MockGenerator", async ({ write }) => {
  let inputTokens = 0;
  let outputTokens = 0;
  const keptBack: string[] = [];
  const answer = ({ prompt, system = "", maxOutputTokens }: GenerationRequest): string => {
    inputTokens += estimateTokens(prompt) + estimateTokens(system);
    if (keptBack.some((text) => prompt.includes(text))) {
      throw new SiteragError("ANSWER_BLOCKED", "The service keeps it back.");
    }
    const text = write({ prompt, system });
    outputTokens += tokensWithin(text, maxOutputTokens);
    return text;
  };
  const client = new MockGenerator({ answer });
  return {
    client,
    clock: createVirtualClock(),
    sent: () => client.requests.map(({ prompt }) => prompt),
    billed: () => ({ inputTokens, outputTokens, costUsd: 0 }),
    openStreams: () => 0,
    keepBack: (text) => keptBack.push(text),
  };
});

/** Tokens of the longest beginning of a text that ends with a word and has no more than so many. */
function tokensWithin(text: string, most = Number.POSITIVE_INFINITY): number {
  const ends = [...text.matchAll(/\s|$/gu)].map(({ index }) =>
    estimateTokens(text.slice(0, index)),
  );
  const whole = estimateTokens(text);
  return whole <= most ? whole : Math.max(...ends.filter((tokens) => tokens <= most));
}
