import { expect, test } from "vitest";
import { generationProfile } from "../../src/planning/generation-profile.ts";
import { planSentences } from "../../src/planning/plan-sentences.ts";
import { BATCHING, itemsOf } from "./plan-items.ts";

const UNKNOWN = { usdPerMillionInputTokens: null, usdPerMillionOutputTokens: null };
const PRICES = { usdPerMillionInputTokens: 0.3, usdPerMillionOutputTokens: 2.5 };
const writing = { profile: generationProfile("tier1"), prices: PRICES, outputTokens: 100 };

test.each([
  [1, "individual", 1, 0],
  [9, "individual", 9, 0],
  [10, "batch", 0, 1],
] as const)("%i sentences go by %s", (sentences, resolved, calls, jobs) => {
  const { plan } = planSentences(itemsOf(sentences), BATCHING, writing);
  expect(plan).toMatchObject({ sentences, resolved, calls, jobs });
});

test("so few never wait for a job, even where jobs are preferred", () => {
  const batching = { ...BATCHING, strategy: "batch" } as const;
  expect(planSentences(itemsOf(4), batching, writing).plan.resolved).toBe("individual");
  expect(planSentences(itemsOf(5), batching, writing).plan.resolved).toBe("batch");
});

test("a job costs half, and the reason says what a run may come to", () => {
  const now = planSentences(itemsOf(9, 1000), BATCHING, writing).plan;
  expect(now).toMatchObject({ inputTokens: 9000, outputTokens: 900 });
  expect(now.costUsd).toBeCloseTo((9000 * 0.3 + 900 * 2.5) / 1e6, 12);
  const later = planSentences(itemsOf(10, 1000), BATCHING, writing).plan;
  expect(later.costUsd).toBeCloseTo((10_000 * 0.3 + 1000 * 2.5) / 2e6, 12);
  expect(later.reason).toBe(
    "10 sentences of context → batch: 1 batch job; up to 10,000 tokens to read and 1,000 to write, at most $0.0028 (auto: from 10 texts on)",
  );
});

test("without prices the cost is not known", () => {
  const { plan } = planSentences(itemsOf(9), BATCHING, { ...writing, prices: UNKNOWN });
  expect(plan.costUsd).toBeNull();
  expect(plan.reason).toContain("to write, price unknown (auto: below 10 texts)");
});

test("no job holds more prompts than there should be in memory at once", () => {
  const items = itemsOf(30_000).map((item) => ({ ...item, bytes: 2000 }));
  const { roads } = planSentences(items, BATCHING, writing);
  const sizes = roads.jobs.map((job) => job.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(sizes).toHaveLength(8);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(8_000_000);
  expect(writing.profile.batch?.jobsAtOnce).toBe(10);
});
