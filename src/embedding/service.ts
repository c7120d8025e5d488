import type { EmbeddingInput, TaskType } from "../types.ts";
import type { RequestsOfDay } from "./day-quota.ts";

/** The texts of one call or job: all are for one task. */
export interface TextPack {
  readonly inputs: readonly EmbeddingInput[];
  readonly taskType: TaskType;
  /** Estimated tokens of each text. */
  readonly tokens: readonly number[];
}

/** What bounds a call. */
export interface CallContext {
  /** Aborted: no further try is made; the one under way goes on. */
  readonly signal?: AbortSignal | undefined;
  /** On the client's clock, in milliseconds since the epoch; may be `Infinity`. */
  readonly deadlineAt: number;
  /** Where the requests of the day are kept; without it they count for the life of the client. */
  readonly requestsOfDay?: RequestsOfDay | undefined;
}

/** What became of one text of a call. Vectors have unit length. */
export type TextOutcome = { readonly vector: Float32Array } | { readonly error: Error };

/** What came of a pack, and what it took. */
export interface CallReport {
  /** One for each text, in their order. */
  readonly outcomes: readonly TextOutcome[];
  /** Calls sent, repetitions included. */
  readonly calls: number;
  readonly retries: number;
  /** Texts sent, each counted once. */
  readonly texts: number;
  readonly textsRepeated: number;
  readonly tokens: number;
}

/** A text on its way to a job, and the key that its row comes back under. */
export interface KeyedText {
  readonly key: string;
  readonly input: EmbeddingInput;
}

/** One row of a finished job. Rows come in any order. */
export type JobRow =
  | { readonly key: string; readonly vector: Float32Array }
  | { readonly key: string; readonly error: Error };

/** The states of Gemini's batch jobs, without their prefix. */
export type JobState = "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "EXPIRED" | "CANCELLED";

/** What a provider does with texts; retrying is its own. Vectors have unit length. */
export interface EmbeddingService {
  /** Embeds a pack at once. What fails is an outcome: this never rejects for the service's sake. */
  embed(pack: TextPack, context: CallContext): Promise<CallReport>;
  /** Creates a batch job of texts that are all for one task, and gives its name. */
  createJob(texts: readonly KeyedText[], taskType: TaskType): Promise<string>;
  readJob(name: string): Promise<JobState>;
  /** The rows of a job that has succeeded; each may hold an error all the same. */
  readRows(name: string): Promise<readonly JobRow[]>;
}
