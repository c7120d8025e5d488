import type { Tokens } from "../words/plans.ts";
import { costOf, rounded, type Prices } from "./prices.ts";

/** What one run may send at most; null: no limit. */
export interface Budget {
  /** Texts, each of which counts as one request every time that it is sent. */
  readonly maxRequests: number | null;
  /** Tokens as sent, by the estimate until the service has counted them. */
  readonly maxTokens: number | null;
  readonly maxCostUsd: number | null;
}

export const NO_BUDGET: Budget = { maxRequests: null, maxTokens: null, maxCostUsd: null };

/** A road that costs something. */
export type PaidRoad = "individual" | "batch";

/** A limit that the next text would pass. */
export interface ReachedLimit {
  readonly limit: keyof Budget;
  readonly most: number;
}

/** What a run has sent. A price that is not known counts as nothing. */
export interface Spent {
  readonly requests: number;
  readonly tokens: number;
  readonly costUsd: number;
}

export const NOTHING_SPENT: Spent = { requests: 0, tokens: 0, costUsd: 0 };

/** What requests take of a budget that read and write so many tokens. */
export const spentOn = (tokens: Tokens, prices: Prices | null, requests = 1): Spent => ({
  requests,
  tokens: tokens.input + tokens.output,
  costUsd: costOf(tokens, prices) ?? 0,
});

/** Two pieces of what a run has sent as one. */
export const sumOfSpent = (one: Spent, other: Spent): Spent => ({
  requests: one.requests + other.requests,
  tokens: one.tokens + other.tokens,
  costUsd: one.costUsd + other.costUsd,
});

const LIMITS = [
  ["maxRequests", "requests"],
  ["maxTokens", "tokens"],
  ["maxCostUsd", "costUsd"],
] as const;

/** Which of the limits so much would pass, or null. */
export function passedLimit(spent: Spent, budget: Budget): ReachedLimit | null {
  for (const [limit, amount] of LIMITS) {
    const most = budget[limit];
    // The noise of binary fractions passes no limit.
    if (most !== null && rounded(spent[amount]) > rounded(most)) return { limit, most };
  }
  return null;
}

/** `budget.maxCostUsd of $0.05` */
export function nameOfLimit({ limit, most }: ReachedLimit): string {
  const amount = most.toLocaleString("en", { maximumFractionDigits: 12 });
  return `budget.${limit} of ${limit === "maxCostUsd" ? "$" : ""}${amount}`;
}

/** What is said of texts that stay pending for it. */
export const limitReached = (reached: ReachedLimit): string =>
  `The budget of a run is used up (${nameOfLimit(reached)}). Run \`siterag index\` again to go on; raise it if a run sends nothing.`;
