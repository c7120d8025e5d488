import { costOf, rounded } from "./estimate.ts";
import type { ProviderProfile } from "./provider-profile.ts";

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

/** What a run has sent; tokens by road, because the price differs. */
export interface Spent {
  readonly requests: number;
  readonly tokens: Readonly<Record<PaidRoad, number>>;
  /** What it has had written. */
  readonly writing: { readonly tokens: number; readonly costUsd: number };
}

export const NOTHING_SPENT: Spent = {
  requests: 0,
  tokens: { individual: 0, batch: 0 },
  writing: { tokens: 0, costUsd: 0 },
};

/** What has been spent when so much more (or less) has. */
export const spentWith = (
  { requests, tokens, writing }: Spent,
  more: { readonly requests: number; readonly tokens: number; readonly road: PaidRoad },
): Spent => ({
  writing,
  requests: requests + more.requests,
  tokens: { ...tokens, [more.road]: tokens[more.road] + more.tokens },
});

/** Two pieces of what a run has sent as one. */
export const sumOfSpent = (one: Spent, other: Spent): Spent => ({
  requests: one.requests + other.requests,
  tokens: {
    individual: one.tokens.individual + other.tokens.individual,
    batch: one.tokens.batch + other.tokens.batch,
  },
  writing: {
    tokens: one.writing.tokens + other.writing.tokens,
    costUsd: one.writing.costUsd + other.writing.costUsd,
  },
});

/** Which of the limits so much would pass, or null. */
export function passedLimit(
  { requests, tokens, writing }: Spent,
  budget: Budget,
  { individual, batch }: ProviderProfile,
): ReachedLimit | null {
  const amounts: Readonly<Record<keyof Budget, number>> = {
    maxRequests: requests,
    maxTokens: tokens.individual + tokens.batch + writing.tokens,
    maxCostUsd:
      costOf(tokens.individual, individual) + costOf(tokens.batch, batch) + writing.costUsd,
  };
  for (const limit of ["maxRequests", "maxTokens", "maxCostUsd"] as const) {
    const most = budget[limit];
    // The noise of binary fractions passes no limit.
    if (most !== null && rounded(amounts[limit]) > rounded(most)) return { limit, most };
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
