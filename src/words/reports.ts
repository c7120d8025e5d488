/** What the use cases tell of their work, as data: the command line prints it, or hands it out as JSON. */
import type { Metrics } from "./metrics.ts";
import type { EmbeddingSpace, Enrichment, Plan, SentencePlan, Usage } from "./types.ts";

/** What `siterag index` did. `index --json` prints it without `failures`. */
export interface IndexReport {
  /** Pages selected for the index. */
  readonly pages: number;
  readonly chunks: {
    /** Chunks of the site: `added + reused + moved`. */
    readonly total: number;
    /** New or changed text. */
    readonly added: number;
    /** Under the same id as before, with the same embedding input. */
    readonly reused: number;
    /** Under a new id, with an embedding input that the index held under another one. */
    readonly moved: number;
    /** Ids that are gone. */
    readonly deleted: number;
    /** Chunks of `total` that have no vector of their own yet. */
    readonly pending: number;
    /** Pending chunks whose embedding failed in this run. */
    readonly failed: number;
  };
  readonly plan: Pick<Plan, "strategy" | "resolved" | "reason" | "estimate">;
  readonly usage: Omit<Usage, "inputTokens" | "outputTokens">;
  /** What sentences of context have come to, beside `usage`; null where none were wanted. */
  readonly enrichment: Enrichment | null;
  /** Vectors and sentences of context together. */
  readonly metrics: Metrics;
  readonly durationMs: number;
  readonly warnings: readonly string[];
  /** What failed, one sentence each, naming page and heading. Not empty: exit code 1. */
  readonly failures: readonly string[];
}

/** What `siterag index` would do. `index --dry-run --json` prints it without `failures`. */
export interface PlanReport {
  /** Pages selected for the index. */
  readonly pages: number;
  readonly chunks: Omit<IndexReport["chunks"], "pending" | "failed">;
  /** Changed chunks whose vector is in the store already. */
  readonly cacheHits: number;
  readonly plan: Plan;
  /** Before that; null where no sentences of context are to be written. */
  readonly enrichment: SentencePlan | null;
  /** Names of the batch jobs of earlier runs that have not been collected yet. */
  readonly jobsOut: readonly string[];
  readonly warnings: readonly string[];
  /** What could not be read, one sentence each. Not empty: exit code 1. */
  readonly failures: readonly string[];
}

/** A run that has sent something. */
export interface LastRun {
  /** ISO 8601: when it had ended. */
  readonly at: string;
  readonly metrics: Metrics;
  /** What sentences of context have come to; null where none were wanted. */
  readonly enrichment: Enrichment | null;
}

/** What the store holds; `index` is null before the first run. */
export interface Status {
  /** The last run that has sent something for this index; null before it. */
  readonly lastRun: LastRun | null;
  /** Different queries of the index's embedding space whose vectors the store remembers. */
  readonly learnedQueries: number;
  readonly index: null | {
    readonly name: string;
    readonly pages: number;
    readonly chunks: number;
    readonly pending: number;
    readonly space: EmbeddingSpace;
    /** ISO 8601. */
    readonly publishedAt: string;
  };
}

/** One table of the content-addressed cache. */
export interface CacheStats {
  readonly table: string;
  /** Vectors, or sentences of context in the table `contexts`. */
  readonly entries: number;
  /** Those that some index of the store uses. */
  readonly used: number;
}
