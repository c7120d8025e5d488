import { expect, test } from "vitest";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { SiteragError } from "../../../src/words/errors.ts";
import type { GenerationRequest } from "../../../src/generation/client.ts";
import { MockGenerator } from "../../../src/providers/mock/mock-generator.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";
import { describeGenerationClient } from "../../contracts/generation-client.ts";

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

/** Tokens of the longest beginning of a text that has no more than so many. */
function tokensWithin(text: string, most = Number.POSITIVE_INFINITY): number {
  const whole = estimateTokens(text);
  if (whole <= most) return whole;
  const beginnings = Array.from(text, (_, at) => estimateTokens(text.slice(0, at + 1)));
  return Math.max(...beginnings.filter((tokens) => tokens <= most));
}

test("an answer of a script without spaces is cut as well, and one without a text is none", async () => {
  const outcomeOf = async (text: string) => {
    const client = new MockGenerator({ answer: () => text });
    return (await client.generateContent([{ prompt: "a", maxOutputTokens: 10 }])).results;
  };
  expect(await outcomeOf("日本語".repeat(100))).toEqual([
    {
      status: "ok",
      route: "individual",
      finish: "cut",
      text: expect.stringMatching(/^(?:日本語)+日?本?$/u),
    },
  ]);
  expect(await outcomeOf(" \n")).toMatchObject([
    { status: "failed", error: { code: "ANSWER_BLOCKED" } },
  ]);
});
