import { expect, test } from "vitest";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { geminiHarness } from "./gemini-harness.ts";

const FREE = { requestsPerMinute: 100, tokensPerMinute: 30_000, requestsPerDay: 1000 };
const MINUTE_MS = 60_000;

const byCalls = { forceIndividual: true } as const;

const textsOf = (count: number): { text: string }[] =>
  Array.from({ length: count }, (_, at) => ({ text: `Text number ${at} of a manual.` }));

test.each(["gemini-embedding-2", "gemini-embedding-001"] as const)(
  "on the free tier 200 chunks of 500 tokens take %s as long as its limits dictate, without a 429",
  async (model) => {
    const limits = { tier: "free" } as const;
    const { client, clock, emulator } = await geminiHarness({ limits, model }, { quota: FREE });
    const words = "alpha ".repeat(430);
    const requests = Array.from({ length: 200 }, (_, at) => ({
      title: `Guide > Install ${100 + at}`,
      text: `${100 + at} ${words}`,
    }));
    expect(estimateTokens(`${requests[0]?.title}\n\n${requests[0]?.text}`)).toBeGreaterThan(490);
    const started = clock.now();
    const { results, usage } = await client.embedContent(requests, byCalls);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["ok"]));
    expect(emulator.seen.calls).toBe(emulator.billed.calls);
    expect(usage).toMatchObject({ retries: 0, tokens: emulator.billed.tokens });
    const minutes = Math.ceil(usage.tokens / FREE.tokensPerMinute);
    expect(clock.now() - started).toBeLessThanOrEqual(1.05 * minutes * MINUTE_MS);
  },
);

test("a deadline behind another set that waits for the minute is kept", async () => {
  const { client, clock } = await geminiHarness({ limits: { tier: "free" } });
  const started = clock.now();
  const other = client.embedContent(textsOf(200), byCalls);
  const late = client.embedContent([{ text: "hello" }], { ...byCalls, deadlineMs: 1000 });
  await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
  expect(clock.now() - started).toBe(1000);
  await other;
});
