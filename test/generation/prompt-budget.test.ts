import { expect, test } from "vitest";
import { estimateTokens } from "../../src/chunking/tokens.ts";
import { MockGeminiClient } from "../../src/gemini/mock-gemini-client.ts";
import { promptItem } from "../../src/generation/generate-content.ts";
import { draftsWithin, spentOn } from "../../src/generation/prompt-budget.ts";
import { NO_BUDGET, NOTHING_SPENT } from "../../src/planning/budget.ts";

const prompt = "What is it about?";
const tokens = estimateTokens(prompt);
const draft = { prompt: promptItem("recipe", { prompt }), textTokens: 5 };
const both = tokens + 10 + 5 + 10;
const { profile } = new MockGeminiClient();
const prices = { usdPerMillionInputTokens: 1e6, usdPerMillionOutputTokens: 2e6 };

test.each([
  { budget: {}, fits: 3, reached: null },
  { budget: { maxRequests: 5 }, fits: 2, reached: { limit: "maxRequests", most: 5 } },
  { budget: { maxRequests: 1 }, fits: 1, reached: { limit: "maxRequests" } },
  { budget: { maxRequests: 0 }, fits: 0, reached: { limit: "maxRequests" } },
  { budget: { maxRequests: 5 }, texts: 2, fits: 1, reached: { limit: "maxRequests" } },
  { budget: { maxRequests: 1 }, texts: 1, fits: 0, reached: { limit: "maxRequests" } },
  { budget: { maxTokens: 2 * both }, fits: 2, reached: { limit: "maxTokens" } },
  { budget: { maxTokens: 2 * both - 1 }, fits: 1, reached: { limit: "maxTokens" } },
  { budget: { maxCostUsd: 2 * (tokens + 20) + 0.5 }, fits: 2, reached: { limit: "maxCostUsd" } },
  { budget: { maxCostUsd: 2 * (tokens + 20) - 1 }, fits: 1, reached: { limit: "maxCostUsd" } },
])(
  "within $budget, beside $texts texts, $fits of three sentences fit",
  ({ budget, fits, reached, texts = 0 }) => {
    const within = draftsWithin([draft, draft, draft], {
      budget: { ...NO_BUDGET, ...budget },
      reserved: { ...NOTHING_SPENT, requests: texts },
      outputTokens: 10,
      prices,
      profile,
    });
    expect(within).toMatchObject({ fits, reached });
  },
);

test("what they have taken is what was sent, counted, and paid", () => {
  const usage = { jobs: 0, retries: 1, inputTokens: 50, outputTokens: 20, costUsd: 0.1 };
  const writing = { tokens: 70, costUsd: 0.1 };
  expect(spentOn(2, { ...usage, calls: 3 })).toMatchObject({ requests: 3, writing });
  expect(spentOn(2, { ...usage, calls: 0 })).toMatchObject({ requests: 2, writing });
  const inJobs = [draft.prompt, draft.prompt];
  const limits = { outputTokens: 10, prices };
  const { writing: more } = spentOn(4, { ...usage, calls: 2 }, inJobs, limits);
  expect(more.tokens).toBe(70 + 2 * (tokens + 10));
  expect(more.costUsd).toBeCloseTo(0.1 + (2 * (tokens + 20)) / 2, 9);
});
