/** What a client's work has come to, over a run or over its life. */
export interface Metrics {
  /** Texts asked for, those that the cache had included. */
  readonly requests: number;
  /** Calls sent, repetitions included. */
  readonly individualCalls: number;
  readonly jobs: number;
  readonly cacheHits: number;
  /** Share of the requests, from 0 to 1. */
  readonly cacheHitRate: number;
  /** Texts sent in calls and jobs. */
  readonly texts: number;
  readonly tokens: number;
  /** Null: a price is not known. */
  readonly costUsd: number | null;
  /** How much more than jobs alone it cost; below 0 where jobs alone cost more; null: a price is not known. */
  readonly costAboveAlwaysBatchUsd: number | null;
  /** Estimated time that jobs alone had taken, beyond the time that it took; of whole sets alone. */
  readonly secondsSavedAgainstAlwaysBatch: number;
  /** Of answered calls, from sending one to its answer; null when none was answered. */
  readonly averageLatencyMs: number | null;
  readonly textsPerCall: number;
  readonly retries: number;
  /** Calls given up, each counted once a reason, and jobs that came to nothing. */
  readonly errors: number;
  /** Share of the calls and jobs that have ended, from 0 to 1. */
  readonly errorRate: number;
  /** Share of the call slots that was used while any was, from 0 to 1; null when none was. */
  readonly poolUtilisation: number | null;
  /** Most calls that waited for a call slot at once. */
  readonly longestQueue: number;
  /** Calls refused because too many were waiting for a call slot. */
  readonly poolExhausted: number;
}

/** How the call slots stand. */
export interface PoolState {
  /** Calls that may be under way at once, now. */
  readonly size: number;
  readonly active: number;
  /** Calls that wait for a call slot. */
  readonly queueLength: number;
  /** Share of all call slots that was used while any was, from 0 to 1. */
  readonly utilisation: number;
}

/** How the call slots were used while somebody watched. */
export interface PoolUse {
  /** Time in which call slots were used, summed over them. */
  readonly busyMs: number;
  /** The same if all had been taken whenever one was. */
  readonly availableMs: number;
  readonly longestQueue: number;
}
