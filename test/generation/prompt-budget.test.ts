import { expect, test } from "vitest";
import { estimateTokens } from "../../src/chunking/tokens.ts";
import { promptsWithin, spentOn } from "../../src/generation/prompt-budget.ts";
import { NO_BUDGET } from "../../src/planning/budget.ts";

const prompt = "What is it about?";
const tokens = estimateTokens(prompt);
const prompts = [{ prompt }, { prompt }, { prompt }];
const prices = { usdPerMillionInputTokens: 1e6, usdPerMillionOutputTokens: 2e6 };

test.each([
  { budget: {}, fits: 3, reached: null },
  { budget: { maxRequests: 2 }, fits: 2, reached: { limit: "maxRequests", most: 2 } },
  { budget: { maxTokens: tokens + 10 }, fits: 1, reached: { limit: "maxTokens" } },
  { budget: { maxCostUsd: 2 * (tokens + 20) }, fits: 2, reached: { limit: "maxCostUsd" } },
  { budget: { maxCostUsd: 2 * (tokens + 20) - 1 }, fits: 1, reached: { limit: "maxCostUsd" } },
])("within $budget $fits of three prompts fit", ({ budget, fits, reached }) => {
  const within = promptsWithin(prompts, 10, { ...NO_BUDGET, ...budget }, prices);
  expect(within).toMatchObject({ fits, reached });
});

test("what they have taken is what was sent, counted, and paid", () => {
  const usage = { jobs: 0, retries: 1, inputTokens: 50, outputTokens: 20, costUsd: 0.1 };
  const writing = { tokens: 70, costUsd: 0.1 };
  expect(spentOn(2, { ...usage, calls: 3 })).toMatchObject({ requests: 3, writing });
  expect(spentOn(2, { ...usage, calls: 0 })).toMatchObject({ requests: 2, writing });
});
