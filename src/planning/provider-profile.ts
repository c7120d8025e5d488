import type { Prices } from "./prices.ts";

/** What one pack of texts may hold at most. `Infinity` where there is no limit. */
export interface PackLimits {
  readonly texts: number;
  readonly tokens: number;
  readonly bytes: number;
  /** Bytes that each text adds around itself: JSON, keys, parameters. */
  readonly bytesAroundText: number;
  /** Tokens that the model's form adds around each text, at most. */
  readonly tokensAroundText: number;
}

/** The road of calls that are answered at once. */
export interface IndividualRoad extends Prices {
  /** One call. */
  readonly limits: PackLimits;
  /** Every text counts as one request. */
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** Every text counts as one; the day begins at midnight Pacific time. */
  readonly requestsPerDay: number;
  /** Typical time from sending a call to its answer. */
  readonly secondsPerCall: number;
}

/** The road of batch jobs. */
export interface BatchRoad extends Prices {
  /** One job. */
  readonly limits: PackLimits;
  /** Tokens of all jobs that may wait or run at once. */
  readonly enqueuedTokens: number;
  /** Jobs that may wait or run at once. */
  readonly jobsAtOnce: number;
  /** Typical time from creating a small job to its results. */
  readonly secondsPerJob: number;
}

/** What the planner must know of a provider and an account, as data. */
export interface ProviderProfile {
  /** Tokens of the longest text that the model reads within its form. */
  readonly textTokens: number;
  readonly individual: IndividualRoad;
  /** Null: this provider, or this account, has no batch jobs. */
  readonly batch: BatchRoad | null;
}
