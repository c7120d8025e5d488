/** Totals of a client's work, over one run or over its life. */
export interface Metrics {
  /** Texts requested, cached ones included. */
  readonly requests: number;
  /** Calls sent, retries included. */
  readonly individualCalls: number;
  readonly jobs: number;
  readonly cacheHits: number;
  /** Share of the requests that the cache answered, from 0 to 1. */
  readonly cacheHitRate: number;
  /** Texts sent, in calls and jobs. */
  readonly texts: number;
  readonly tokens: number;
  /** Null: a price is not known. */
  readonly costUsd: number | null;
  /**
   * Cost beyond what batch jobs alone would have cost; negative if jobs would have cost more. Null: a
   * price is not known.
   */
  readonly extraCostVsBatchUsd: number | null;
  /** Estimated time of batch jobs alone, minus the time taken. Counts complete sets only. */
  readonly secondsSavedAgainstAlwaysBatch: number;
  /** Mean time from sending a call to its answer; null when no call was answered. */
  readonly averageLatencyMs: number | null;
  readonly textsPerCall: number;
  readonly retries: number;
  /** Calls given up, each counted once per reason, and failed jobs. */
  readonly errors: number;
  /** Share of the finished calls and jobs that failed, from 0 to 1. */
  readonly errorRate: number;
  /** Share of the call slots in use while at least one was, from 0 to 1; null when none was. */
  readonly poolUtilisation: number | null;
  /** The most calls that waited for a slot at the same time. */
  readonly longestQueue: number;
  /** Calls refused because too many were waiting for a slot. */
  readonly poolExhausted: number;
}

/** The state of the call slots. */
export interface PoolState {
  /** Calls that may be in progress at the same time, at present. */
  readonly size: number;
  readonly active: number;
  /** Calls that wait for a slot. */
  readonly queueLength: number;
  /** Share of all slots in use while at least one was, from 0 to 1. */
  readonly utilisation: number;
}

/** How the call slots were used over a measured period. */
export interface PoolUse {
  /** Time in use, summed over all slots. */
  readonly busyMs: number;
  /** What `busyMs` would be if all slots had been in use whenever one was. */
  readonly availableMs: number;
  readonly longestQueue: number;
}
