/** Words for what is sent: how, at what cost, and what came of it. */
import type { Embedded, EmbeddingSpace, Fingerprint, Purpose, Result, TaskType } from "./types.ts";

/** The values of `batching.strategy`. */
export const STRATEGIES = ["auto", "batch", "individual"] as const;

/** What the user chose. */
export type Strategy = (typeof STRATEGIES)[number];

/** How a strategy is carried out for one set of texts. */
export type ResolvedStrategy = "none" | Road;

/** How a set of texts is sent: `hybrid` sends some in calls and the rest in a job. */
export type Road = "individual" | "hybrid" | "batch";

/** What to do with a job that is not finished at the deadline. */
export type OnDeadline = "defer" | "individual" | "fail";

/** A text to send as the planner sees it: no words, only what decides its route. */
export interface PlanItem {
  readonly fingerprint: Fingerprint;
  /** Estimated tokens of the embedding input. */
  readonly tokens: number;
  /** Length of the embedding input as UTF-8. */
  readonly bytes: number;
  readonly page: string;
  /** Somebody waits for it: a hybrid plan sends it in a call. */
  readonly urgent?: boolean;
  /** Default: the purpose of the set. */
  readonly purpose?: Purpose;
  /** Default `RETRIEVAL_DOCUMENT`. Texts of two tasks never share a call or a job. */
  readonly taskType?: TaskType;
}

/** A text and its outcome. */
export interface SettledItem<Output = Embedded> {
  readonly item: PlanItem;
  readonly result: Result<Output>;
}

/** A batch job in the store's ledger that has not been collected yet. */
export interface JobRecord {
  /** Hash of the job's fingerprints: one piece of work, one display name. */
  readonly displayName: string;
  /** The service's name for it; null until the service has reported it. */
  readonly name: string | null;
  /** Fingerprints of its texts: the keys of its rows. */
  readonly fingerprints: readonly Fingerprint[];
  /** Estimated tokens of its texts as they are sent. */
  readonly tokens: number;
  /** The index it was created for; any run on this store may collect it. */
  readonly index: string;
  /** Unique id of the run that creates it. */
  readonly owner: string;
  /** Other jobs with this display name that must not be mistaken for it: forgotten or empty ones. */
  readonly skipped: readonly string[];
  /** Until this time its owner may still be creating it. Milliseconds since the epoch. */
  readonly leaseUntil: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The space of its vectors. */
  readonly space: EmbeddingSpace;
}

/** Estimated time and cost of one road. */
export interface Estimate {
  readonly calls: number;
  readonly jobs: number;
  readonly texts: number;
  /** Tokens that the model reads. */
  readonly tokens: number;
  /** Null: the prices are not known. */
  readonly costUsd: number | null;
  readonly seconds: number;
}

/** The whole decision as plain data; execution makes none of its own. */
export interface Plan {
  readonly strategy: Strategy;
  readonly resolved: ResolvedStrategy;
  /** One sentence for the log: what was decided and why. */
  readonly reason: string;
  /** Packs of texts, each sent as one individual call. */
  readonly calls: readonly (readonly PlanItem[])[];
  /** Packs of texts, each sent as one batch job. */
  readonly jobs: readonly (readonly PlanItem[])[];
  readonly estimate: Estimate;
  /** Estimates of each road for the same texts; null where the provider has no such road. */
  readonly alternatives: Readonly<Record<Road, Estimate | null>>;
}

/** Tokens that a model reads and writes; embedding a text writes none. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** What was really sent, and what it cost. */
export interface Usage {
  /** Calls sent, retries included. */
  readonly calls: number;
  /** Batch jobs created. */
  readonly jobs: number;
  /** Texts sent in this run; neither cached nor collected ones count. */
  readonly texts: number;
  /** Texts sent again because an answer was lost; they may be charged twice. */
  readonly textsRepeated: number;
  /** How many of `calls` are retries. */
  readonly retries: number;
  /** `inputTokens` and `outputTokens` together. */
  readonly tokens: number;
  /** As the service counts them, else estimated. What a job writes counts when its rows are read. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null: a price is not known. */
  readonly costUsd: number | null;
  /** Texts that needed no sending. */
  readonly cacheHits: number;
}

/** The part of `Usage` that says something of texts that a model writes. */
export type GenerationUsage = Pick<
  Usage,
  "calls" | "jobs" | "retries" | "inputTokens" | "outputTokens" | "costUsd"
>;

/** Usage of texts that could have gone as calls or as jobs. */
export interface SetUsage extends GenerationUsage {
  /** Cost beyond what batch jobs alone would have cost; null if the prices are not known. */
  readonly extraCostVsBatchUsd: number | null;
}

/** Sentences of context in a run. */
export interface Enrichment extends SetUsage {
  /** Sentences received, those from jobs of earlier runs included. */
  readonly sentences: number;
  /** Estimated time of batch jobs alone, minus the time taken. */
  readonly secondsSavedAgainstAlwaysBatch: number;
}

/** How sentences of context will be written. */
export interface SentencePlan
  extends Pick<Plan, "resolved" | "reason">, Pick<Estimate, "calls" | "jobs">, SentenceEstimate {
  readonly sentences: number;
  /** Estimated tokens of the prompts. */
  readonly inputTokens: number;
  /** Estimated tokens of the sentences; the model's thinking tokens come on top. */
  readonly outputTokens: number;
  /** Estimates for the same sentences as calls only and as jobs only; null where that is impossible. */
  readonly alternatives: Readonly<Record<"individual" | "batch", SentenceEstimate | null>>;
}

/** Estimated time and cost of sentences. */
export type SentenceEstimate = Pick<Estimate, "costUsd" | "seconds">;
