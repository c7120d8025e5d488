import type { Tokens } from "../words/plans.ts";
import { costOf, rounded, type Prices } from "./prices.ts";

/** The most that one run may send; null: no limit. */
export interface Budget {
  /** A text counts as one request each time it is sent. */
  readonly maxRequests: number | null;
  /** Tokens as sent: estimated until the service reports its count. */
  readonly maxTokens: number | null;
  readonly maxCostUsd: number | null;
}

export const NO_BUDGET: Budget = { maxRequests: null, maxTokens: null, maxCostUsd: null };

export type PaidRoad = "individual" | "batch";

/** A limit that the next text would exceed. */
export interface ReachedLimit {
  readonly limit: keyof Budget;
  readonly most: number;
}

/** What a run has sent. An unknown price counts as $0. */
export interface Spent {
  readonly requests: number;
  readonly tokens: number;
  readonly costUsd: number;
}

export const NOTHING_SPENT: Spent = { requests: 0, tokens: 0, costUsd: 0 };

/** What requests that read and write these tokens take from a budget. */
export const spentOn = (tokens: Tokens, prices: Prices | null, requests = 1): Spent => ({
  requests,
  tokens: tokens.input + tokens.output,
  costUsd: costOf(tokens, prices) ?? 0,
});

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

/** The first limit that the sum exceeds, or null. */
export function passedLimit(spent: Spent, budget: Budget): ReachedLimit | null {
  for (const [limit, amount] of LIMITS) {
    const most = budget[limit];
    // Rounded: the noise of binary fractions must not exceed a limit.
    if (most !== null && rounded(spent[amount]) > rounded(most)) return { limit, most };
  }
  return null;
}

/** `budget.maxCostUsd: $0.05` */
export function nameOfLimit({ limit, most }: ReachedLimit): string {
  const amount = most.toLocaleString("en", { maximumFractionDigits: 12 });
  return `budget.${limit}: ${limit === "maxCostUsd" ? "$" : ""}${amount}`;
}

/** Says why texts stay pending, and what to do. */
export const limitReached = (reached: ReachedLimit): string =>
  `The run has used its budget (${nameOfLimit(reached)}). Run \`siterag index\` again to go on; raise the budget if a run sends nothing.`;
