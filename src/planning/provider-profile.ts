import type { Prices } from "./prices.ts";

/** The most that one pack of texts may hold; `Infinity`: no limit. */
export interface PackLimits {
  readonly texts: number;
  readonly tokens: number;
  readonly bytes: number;
  /** Bytes around each text: JSON, keys, parameters. */
  readonly bytesAroundText: number;
  /** Most tokens that the model's form adds to a text. */
  readonly tokensAroundText: number;
}

export interface IndividualRoad extends Prices {
  /** Of one call. */
  readonly limits: PackLimits;
  /** Each text counts as one request. */
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** Each text counts as one request; the day begins at midnight Pacific time. */
  readonly requestsPerDay: number;
  /** Typical time from sending a call to its answer. */
  readonly secondsPerCall: number;
}

export interface BatchRoad extends Prices {
  /** Of one job. */
  readonly limits: PackLimits;
  /** Most tokens in waiting and running jobs. */
  readonly enqueuedTokens: number;
  /** Most waiting and running jobs. */
  readonly jobsAtOnce: number;
  /** Typical time from creating a small job to its results. */
  readonly secondsPerJob: number;
}

/** What the planner knows about a provider and an account. */
export interface ProviderProfile {
  /** Tokens of the longest text that the model reads, without the form. */
  readonly textTokens: number;
  readonly individual: IndividualRoad;
  /** Whether the model runs on this machine: then one call at a time. Default false. */
  readonly isOnThisMachine?: boolean;
  /** Null: the provider or the account has no batch jobs. */
  readonly batch: BatchRoad | null;
}
