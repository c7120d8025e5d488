import { expect, test } from "vitest";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { SiteragError } from "../../../src/words/errors.ts";
import type { GenerationRequest } from "../../../src/generation/client.ts";
import { MockGenerator } from "../../../src/providers/mock/mock-generator.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";
import { describeGenerationClient } from "../../contracts/generation-client.ts";
import type { Writer } from "../../contracts/generation-harness.ts";
import { describeSender } from "../../contracts/sender.ts";
import { asWriting } from "../../contracts/sender-kinds.ts";
import { BATCHING } from "../../planning/plan-items.ts";

/** A mock whose service counts what it charges, and what has reached it. */
function harness(write: Writer) {
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
  let calls = 0;
  const jobs = new Set<string>();
  client.events.listen((event) => {
    if (event.type === "success") calls += 1;
    if (event.type === "job_state") jobs.add(event.name);
  });
  const sent = (): string[] => client.requests.map(({ prompt }) => prompt);
  return {
    client,
    clock: createVirtualClock(),
    sent,
    seen: () => ({ texts: sent(), calls, jobs: jobs.size }),
    billed: () => ({ inputTokens, outputTokens, costUsd: 0 }),
    openStreams: () => 0,
    keepBack: (text: string) => keptBack.push(text),
  };
}

describeSender("MockGenerator", async () => {
  const { client, ...service } = harness(({ prompt }) => `On ${prompt}`);
  // The mock goes by the configuration's defaults.
  return { ...asWriting(client, BATCHING), ...service };
});

describeGenerationClient("MockGenerator", async ({ write }) => harness(write));

/** Tokens of the longest beginning of a text that has no more than so many. */
function tokensWithin(text: string, most = Number.POSITIVE_INFINITY): number {
  const whole = estimateTokens(text);
  if (whole <= most) return whole;
  const beginnings = Array.from(text, (_, at) => estimateTokens(text.slice(0, at + 1)));
  return Math.max(...beginnings.filter((tokens) => tokens <= most));
}

test("a limit cuts an answer in a script without spaces, and an answer without text fails", async () => {
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
