import { estimateTokens } from "../chunking/tokens.ts";
import { NOTHING_SPENT } from "../planning/budget.ts";
import type { Budget, ReachedLimit, Spent } from "../planning/budget.ts";
import type { GenerationRequest, GenerationUsage } from "./client.ts";

/** US dollars per million tokens; null: not known, and then counted as nothing. */
export interface GenerationPrices {
  readonly usdPerMillionInputTokens: number | null;
  readonly usdPerMillionOutputTokens: number | null;
}

/** How many prompts a budget holds, from the first on, and the limit that the next one would pass. */
export function promptsWithin(
  requests: readonly GenerationRequest[],
  outputTokens: number,
  budget: Budget,
  { usdPerMillionInputTokens, usdPerMillionOutputTokens }: GenerationPrices,
): { readonly fits: number; readonly reached: ReachedLimit | null } {
  let tokens = 0;
  let costUsd = 0;
  for (const [at, { system = "", prompt }] of requests.entries()) {
    const inputTokens = estimateTokens(system) + estimateTokens(prompt);
    tokens += inputTokens + outputTokens;
    costUsd += (inputTokens * (usdPerMillionInputTokens ?? 0)) / 1e6;
    costUsd += (outputTokens * (usdPerMillionOutputTokens ?? 0)) / 1e6;
    const amounts = { maxRequests: at + 1, maxTokens: tokens, maxCostUsd: costUsd };
    for (const limit of ["maxRequests", "maxTokens", "maxCostUsd"] as const) {
      const most = budget[limit];
      if (most !== null && amounts[limit] > most) return { fits: at, reached: { limit, most } };
    }
  }
  return { fits: requests.length, reached: null };
}

/** What so many prompts have taken of the run's budget. */
export const spentOn = (
  prompts: number,
  { calls, inputTokens, outputTokens, costUsd }: GenerationUsage,
): Spent => ({
  ...NOTHING_SPENT,
  requests: Math.max(prompts, calls),
  writing: { tokens: inputTokens + outputTokens, costUsd: costUsd ?? 0 },
});
