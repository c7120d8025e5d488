/** What the use cases report, as data; the command line prints it as text or as JSON. */
import type { Metrics } from "./metrics.ts";
import type { Enrichment, Plan, SentencePlan, Usage } from "./plans.ts";
import type { EmbeddingSpace } from "./types.ts";

/** What `siterag index` did. `index --json` prints it without `failures`. */
export interface IndexReport {
  /** Pages selected for the index. */
  readonly pages: number;
  readonly chunks: {
    /** Chunks of the site: `added + reused + moved`. */
    readonly total: number;
    /** New or changed text. */
    readonly added: number;
    /** Same id and same embedding input as before. */
    readonly reused: number;
    /** New id, but an embedding input that the index already held under another id. */
    readonly moved: number;
    /** Ids that no longer exist. */
    readonly deleted: number;
    /** Chunks of `total` without a vector of their own yet. */
    readonly pending: number;
    /** Pending chunks whose embedding failed in this run. */
    readonly failed: number;
  };
  readonly plan: Pick<Plan, "strategy" | "resolved" | "reason" | "estimate">;
  readonly usage: Omit<Usage, "inputTokens" | "outputTokens">;
  /** Sentences of context, which `usage` does not count; null when none were requested. */
  readonly enrichment: Enrichment | null;
  /** Vectors and sentences of context together. */
  readonly metrics: Metrics;
  readonly durationMs: number;
  readonly warnings: readonly string[];
  /** One sentence per failure, with page and heading. If any: exit code 1. */
  readonly failures: readonly string[];
}

/** What `siterag index` would do. `index --dry-run --json` prints it without `failures`. */
export interface PlanReport {
  /** Pages selected for the index. */
  readonly pages: number;
  readonly chunks: Omit<IndexReport["chunks"], "pending" | "failed">;
  /** Changed chunks whose vector is already in the store. */
  readonly cacheHits: number;
  readonly plan: Plan;
  /** Carried out before `plan`; null when no sentences of context are to be written. */
  readonly enrichment: SentencePlan | null;
  /** Names of earlier runs' batch jobs that have not been collected yet. */
  readonly jobsOut: readonly string[];
  readonly warnings: readonly string[];
  /** One sentence per page that could not be read. If any: exit code 1. */
  readonly failures: readonly string[];
}

/** The last run that sent something. */
export interface LastRun {
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly metrics: Metrics;
  /** Sentences of context; null when none were requested. */
  readonly enrichment: Enrichment | null;
}

/** What the store holds; `index` is null before the first run. */
export interface Status {
  /** The last run that sent something for this index; null before the first. */
  readonly lastRun: LastRun | null;
  /** Distinct queries in the index's embedding space whose vectors the store keeps. */
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
  /** Number of vectors, or of sentences in the table `contexts`. */
  readonly entries: number;
  /** Entries that at least one index of the store uses. */
  readonly used: number;
}
