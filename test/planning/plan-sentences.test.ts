import { expect, test } from "vitest";
import { NO_BUDGET, NOTHING_SPENT } from "../../src/planning/budget.ts";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";
import { generationProfile } from "../../src/planning/generation-profile.ts";
import { planSentences, sentencePlanOf } from "../../src/planning/plan-sentences.ts";
import type { Draft, SentenceOptions } from "../../src/planning/plan-sentences.ts";
import { BATCHING, itemsOf } from "./plan-items.ts";

const UNKNOWN = { usdPerMillionInputTokens: null, usdPerMillionOutputTokens: null };
const PRICES = { usdPerMillionInputTokens: 0.3, usdPerMillionOutputTokens: 2.5 };
const options: SentenceOptions = {
  writer: generationProfile("tier1", PRICES),
  embedder: geminiProfile("gemini-embedding-001", 768, { tier: "tier1" }),
  outputTokens: 100,
  budget: NO_BUDGET,
  reserved: NOTHING_SPENT,
  batching: BATCHING,
};
const draftsOf = (count: number, tokens?: number): Draft[] =>
  itemsOf(count, tokens).map((prompt) => ({ prompt, text: prompt }));

/** The plan of drafts as reports show it. */
const plannedFor = (drafts: readonly Draft[], changes: Partial<SentenceOptions> = {}) =>
  sentencePlanOf(planSentences(drafts, { ...options, ...changes }).plan, options.outputTokens);

test.each([
  [1, "individual", 1, 0],
  [9, "individual", 9, 0],
  [10, "batch", 0, 1],
] as const)("%i sentences go by %s", (sentences, resolved, calls, jobs) => {
  const plan = plannedFor(draftsOf(sentences));
  expect(plan).toMatchObject({ sentences, resolved, calls, jobs });
});

test("so few never wait for a job, even where jobs are preferred", () => {
  const batching = { ...BATCHING, strategy: "batch" } as const;
  const resolvedOf = (count: number) => plannedFor(draftsOf(count), { batching }).resolved;
  expect(resolvedOf(4)).toBe("individual");
  expect(resolvedOf(5)).toBe("batch");
});

test("a job costs half, and the reason says what a run may cost", () => {
  const now = plannedFor(draftsOf(9, 1000));
  expect(now).toMatchObject({ inputTokens: 9000, outputTokens: 900 });
  expect(now.costUsd).toBeCloseTo((9000 * 0.3 + 900 * 2.5) / 1e6, 12);
  const later = plannedFor(draftsOf(10, 1000));
  expect(later.costUsd).toBeCloseTo((10_000 * 0.3 + 1000 * 2.5) / 2e6, 12);
  expect(later.reason).toBe(
    "10 sentences of context → batch: 1 batch job, about 60 s; about 10,000 tokens to read and 1,000 to write, $0.0028 (auto: 10 texts or more); individual would take about 2 s and cost $0.0055",
  );
});

test("without prices the cost is not known", () => {
  const plan = plannedFor(draftsOf(9), { writer: generationProfile("tier1", UNKNOWN) });
  expect(plan.costUsd).toBeNull();
  expect(plan.reason).toContain("to write, price unknown (auto: fewer than 10 texts)");
});

test("no job holds more prompts than there should be in memory at once", () => {
  const drafts = draftsOf(30_000).map(({ prompt, text }) => ({
    prompt: { ...prompt, bytes: 2000 },
    text,
  }));
  const { plan } = planSentences(drafts, options);
  const sizes = plan.jobs.map((job) => job.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(sizes).toHaveLength(8);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(8_000_000);
  expect(options.writer.batch?.jobsAtOnce).toBe(10);
});

test("a budget that holds fewer than a job needs sends those by calls, at the price of calls", () => {
  // A sentence with its text costs $0.00044 by job, and $0.000715 by call: nine of them are no job.
  const budget = { ...NO_BUDGET, maxCostUsd: 0.0041 };
  const decided = planSentences(draftsOf(12, 1000), { ...options, budget });
  expect(decided.plan).toMatchObject({ estimate: { texts: 5 }, resolved: "individual" });
  expect(decided).toMatchObject({ reached: { limit: "maxCostUsd" } });
  expect(decided.fitting).toHaveLength(5);
  expect(decided.held).toHaveLength(7);
});
