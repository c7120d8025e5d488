import { describe, expect, test } from "vitest";
import { NO_BUDGET, NOTHING_SPENT, spentOn } from "../../src/planning/budget.ts";
import type { Spent } from "../../src/planning/budget.ts";
import { generationProfile } from "../../src/planning/generation-profile.ts";
import { draftsWithin, reservedFor, spentOnTexts } from "../../src/planning/plan-sentences.ts";
import type { Draft } from "../../src/planning/plan-sentences.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";

const tokens = 40;
const item = { fingerprint: "recipe", tokens, bytes: 100, page: "a.md" };
const draft = { prompt: item, text: { ...item, tokens: 5 } };
const both = tokens + 10 + 5 + 10;
const { profile: embedder } = new MockGeminiClient();
/** A dollar a token read, and two a token written. */
const writer = generationProfile("tier1", {
  usdPerMillionInputTokens: 1e6,
  usdPerMillionOutputTokens: 2e6,
});
const costs = { outputTokens: 10, writer };

test.each([
  { budget: {}, fits: 3, reached: null },
  { budget: { maxRequests: 5 }, fits: 2, reached: { limit: "maxRequests", most: 5 } },
  { budget: { maxRequests: 1 }, fits: 1, reached: { limit: "maxRequests" } },
  { budget: { maxRequests: 0 }, fits: 0, reached: { limit: "maxRequests" } },
  { budget: { maxRequests: 5 }, texts: 2, fits: 1, reached: { limit: "maxRequests" } },
  { budget: { maxRequests: 1 }, texts: 1, fits: 0, reached: { limit: "maxRequests" } },
  { budget: { maxRequests: 2 }, texts: 1, fits: 0, reached: { limit: "maxRequests" } },
  { budget: { maxTokens: 2 * both }, fits: 2, reached: { limit: "maxTokens" } },
  { budget: { maxTokens: 2 * both - 1 }, fits: 1, reached: { limit: "maxTokens" } },
  { budget: { maxCostUsd: 2 * (tokens + 20) + 0.5 }, fits: 2, reached: { limit: "maxCostUsd" } },
  { budget: { maxCostUsd: 2 * (tokens + 20) - 1 }, fits: 1, reached: { limit: "maxCostUsd" } },
  { budget: { maxCostUsd: tokens + 20 }, road: "batch", fits: 2, reached: { limit: "maxCostUsd" } },
] as const)(
  "within $budget, beside $texts texts, $fits of three sentences fit by $road",
  ({ budget, fits, reached, ...given }) => {
    const { texts = 0, road = "individual" } = { ...given };
    const within = draftsWithin([draft, draft, draft], () => road, {
      ...costs,
      budget: { ...NO_BUDGET, ...budget },
      reserved: { ...NOTHING_SPENT, requests: texts },
      embedder,
    });
    expect(within.fitting).toHaveLength(fits);
    expect(within).toMatchObject({ reached });
  },
);

test("a draft that no run ever holds does not keep those after it", () => {
  const giant = { prompt: { ...item, tokens: 500 }, text: { ...item, tokens: 500 } };
  const limits = { ...costs, reserved: NOTHING_SPENT, embedder };
  const budget = { ...NO_BUDGET, maxTokens: 2 * both };
  const within = draftsWithin([giant, draft, draft, draft], () => "individual", {
    ...limits,
    budget,
  });
  expect(within).toMatchObject({ fitting: [draft, draft], reached: { limit: "maxTokens" } });
});

describe("a draft larger than what is left of the budget", () => {
  const within = (drafts: readonly Draft[], maxTokens: number, texts = 0) =>
    draftsWithin(drafts, () => "individual", {
      ...costs,
      budget: { ...NO_BUDGET, maxTokens },
      reserved: { ...NOTHING_SPENT, requests: texts },
      embedder,
    });
  /** With its sentence it takes twice as much as another one. */
  const large = { ...draft, text: { ...item, tokens: 5 + both } };

  test("waits, and those after it with it: a run that begins with it has room for it", () => {
    expect(within([draft, large, draft], 2 * both)).toMatchObject({
      fitting: [draft],
      reached: { limit: "maxTokens" },
    });
    expect(within([large, draft], 2 * both)).toMatchObject({
      fitting: [large],
      inPart: null,
    });
  });

  test("gets its sentence first of all where no run holds both, and others what is left", () => {
    const sentence = tokens + 10;
    expect(within([large, draft], sentence + both)).toMatchObject({
      fitting: [large, draft],
      inPart: large,
      reached: { limit: "maxTokens" },
    });
    expect(within([large, draft], sentence + both - 1).fitting).toEqual([large]);
  });

  test("gets none where no run holds both, and something else is to be sent", () => {
    const budget = 2 * both - 1;
    expect(within([draft, large, draft], budget).fitting).toEqual([draft]);
    expect(within([large, draft], budget, 1).fitting).toEqual([draft]);
  });

  test("gets none where no run holds even that", () => {
    expect(within([large, draft], tokens + 9).fitting).toEqual([]);
  });
});

test("what is left of the budget is what texts leave that have their sentences", () => {
  const budget = { ...NO_BUDGET, maxTokens: 2 * both };
  const ready = reservedFor([{ ...item, tokens: both }], budget, embedder);
  const limits = { ...costs, budget, embedder };
  const fitting = (reserved: Spent) =>
    draftsWithin([draft, draft], () => "individual", { ...limits, reserved }).fitting;
  expect(fitting(ready)).toHaveLength(1);
  expect(spentOnTexts({ fitting: [draft, draft], inPart: null }, limits)).toMatchObject({
    requests: 2,
    tokens: 2 * (5 + 10),
  });
  const others = { fitting: [draft, { ...draft }], inPart: draft };
  expect(spentOnTexts(others, limits).requests).toBe(1);
});

test("a text that alone passes the budget takes nothing of it from the others", () => {
  const budget = { ...NO_BUDGET, maxTokens: 50 };
  const reserved = reservedFor([{ ...item, tokens: 60 }, item], budget, embedder);
  expect(reserved).toMatchObject({ requests: 1, tokens });
});

test.each([
  { road: "individual", costUsd: tokens + 2 * 10 },
  { road: "batch", costUsd: (tokens + 2 * 10) / 2 },
] as const)("a sentence takes what is read and written, at the price of $road", (given) => {
  const spent = spentOn({ input: tokens, output: 10 }, writer[given.road]);
  expect(spent).toEqual({ requests: 1, tokens: tokens + 10, costUsd: given.costUsd });
});
