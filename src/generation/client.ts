import type { CollectedJobs, CollectionBounds, OnJobState } from "../sending/job-collection.ts";
import type { JobLedger } from "../sending/job-ledger.ts";
import type { WritingSpending } from "./writing-spending.ts";
import type { Roads } from "../planning/choose-roads.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type {
  GenerationUsage,
  Logger,
  OnDeadline,
  PlanItem,
  Purpose,
  SetUsage,
} from "../words/types.ts";

/** One text to write. */
export interface GenerationRequest {
  /** What is asked, with all that is to be read for it. */
  readonly prompt: string;
  /** How to go about it: the system instruction. */
  readonly system?: string;
  /** Default: the model's own. */
  readonly temperature?: number;
  /** An answer that reaches it is `cut`. Default: the model's own. */
  readonly maxOutputTokens?: number;
  /** The caller's own name for the request; comes back in the result. */
  readonly tag?: string;
}

/** `cut`: the answer ends where no more tokens were allowed. */
export type Finish = "complete" | "cut";

/** What was written. */
export interface GeneratedText {
  readonly text: string;
  readonly finish: Finish;
}

/**
 * The outcome of one request. Results keep number and order of the requests, and their tags.
 * `pending`: the request is in the batch job of that name, or waits for a later run.
 */
export type GenerationResult = (
  | ({ readonly status: "ok" } & GeneratedText)
  | {
      readonly status: "pending";
      readonly job: string | null;
      readonly reason: string;
      readonly error?: Error;
    }
  | { readonly status: "failed"; readonly error: Error }
) & { readonly tag?: string };

export interface GenerationResults {
  readonly results: readonly GenerationResult[];
  readonly usage: GenerationUsage;
}

/** What is known of a streamed answer when it has ended. */
export interface StreamEnd {
  readonly finish: Finish;
  readonly usage: GenerationUsage;
}

export interface GenerationOptions {
  /** Aborted: nothing more is sent, streams end, calls under way are awaited, jobs left as pending. */
  readonly signal?: AbortSignal | undefined;
}

/** A request with what became of it. */
export interface SettledRequest {
  /** As `generationKey` gives it. */
  readonly key: string;
  readonly result: GenerationResult;
}

/** Takes outcomes as soon as they are there; awaited before others take their place. */
type SettleRequests = (settled: readonly SettledRequest[]) => Promise<void>;

/** Is told what requests have come to, once, when all is over or the run cannot go on. */
type OnUsage = (usage: SetUsage) => void;

/** What bounds the sending of a set of requests. */
interface SendingBounds extends GenerationOptions {
  /** Longest wait for jobs, in milliseconds. Default `Infinity`. */
  readonly deadlineMs?: number | undefined;
  /** What becomes of a job that has not ended then. Default `defer`. */
  readonly onDeadline?: OnDeadline | undefined;
  /** Is warned of an account that takes no jobs. */
  readonly logger?: Pick<Logger, "warn"> | undefined;
  /** Where jobs are written down; without it they count for the life of the process. */
  readonly ledger?: JobLedger | undefined;
  /** Is told of jobs that are seen in another state than before. */
  readonly onState?: OnJobState | undefined;
}

/** How a set of requests is carried out. */
export interface GenerateOptions extends SendingBounds {
  /** `quick_enrichment` and `rag_query` never wait for a job. Default `index`. */
  readonly purpose?: Purpose | undefined;
  readonly settle?: SettleRequests | undefined;
}

/** What a plan of requests needs to be carried out. Fingerprints are as `generationKey` gives them. */
export interface GenerationExecution extends SendingBounds {
  /** The requests of items, in their order; asked for just before they are sent. */
  readonly requestsOf: (items: readonly PlanItem[]) => Promise<readonly GenerationRequest[]>;
  readonly settle: SettleRequests;
  readonly onUsage: OnUsage;
  /** What may still be written; without it there is no limit. */
  readonly spending?: WritingSpending | undefined;
}

/** What looking after the jobs of earlier runs takes. */
export interface GenerationCollection extends CollectionBounds {
  readonly settle: SettleRequests;
  readonly onUsage: OnUsage;
}

/** Who writes texts. */
export interface GenerationClient {
  /** Name of the model that writes; null where none was named. */
  readonly model: string | null;
  /** What the planner must know of it. */
  readonly profile: ProviderProfile;
  /** Throws KEY_MISSING or CONFIG_INVALID where nothing could be generated. */
  requireReady(): void;
  /**
   * Carries out a plan and decides nothing. What fails is an outcome, and what an abort has kept from
   * being sent has none; only what keeps all from being sent is thrown.
   */
  execute(roads: Roads, execution: GenerationExecution): Promise<void>;
  /**
   * Few requests go at once and many as a batch job, by the thresholds that texts to embed go by; equal
   * ones go once. What fails is an outcome; only what keeps all from being sent is thrown.
   */
  generateContent(
    requests: readonly GenerationRequest[],
    options?: GenerateOptions,
  ): Promise<GenerationResults>;
  /** Looks after the jobs of earlier runs. Absent: it has no jobs that outlive a run. */
  collect?(collection: GenerationCollection): Promise<CollectedJobs>;
  /**
   * Gives the text of one answer as it arrives, and at the end how it ended. A failure before the
   * first piece has been retried; after it, it is thrown. Who stops reading ends the call.
   */
  generateContentStream(
    request: GenerationRequest,
    options?: GenerationOptions,
  ): AsyncGenerator<string, StreamEnd, undefined>;
}
