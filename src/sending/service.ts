import type { EmbeddingInput, TaskType } from "../words/types.ts";
import type { RequestsOfDay } from "./day-quota.ts";
import type { Listener } from "./events.ts";
import type { Spending } from "./spending.ts";

/** The texts of one call or job: all are for one task. */
export interface TextPack {
  readonly inputs: readonly EmbeddingInput[];
  readonly taskType: TaskType;
  /** Estimated tokens of each text. */
  readonly tokens: readonly number[];
}

/** What bounds a call. */
export interface CallContext {
  /** Aborted: no further try is made; the one under way goes on, unless nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
  /** On the client's clock, in milliseconds since the epoch; may be `Infinity`. */
  readonly deadlineAt: number;
  /** Where the requests of the day are kept; without it they count for the life of the client. */
  readonly requestsOfDay?: RequestsOfDay | undefined;
  /** What the run may still send. */
  readonly spending: Spending;
  /** Is told of answers, repetitions and failures. */
  readonly tell: Listener;
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
  /** Of each answered call, from sending it to its answer. */
  readonly latenciesMs: readonly number[];
}

/** A text on its way to a job, and the key that its row comes back under. */
interface KeyedText<Input> {
  readonly key: string;
  readonly input: Input;
}

/** What is to be created. */
export interface JobOrder<Input = EmbeddingInput> {
  readonly displayName: string;
  readonly texts: readonly KeyedText<Input>[];
  readonly taskType: TaskType;
}

/** The input of a job at the service. */
export interface Upload {
  readonly name: string;
  /** Estimated tokens of each text in the form in which it was sent. */
  readonly tokens: readonly number[];
}

/** One row of a finished job. Rows come in any order. */
export type JobRow =
  | { readonly key: string; readonly vector: Float32Array }
  | { readonly key: string; readonly error: Error };

/** States in which a job has ended. Any other one goes on: a service may invent some. */
export type EndState = "SUCCEEDED" | "FAILED" | "EXPIRED" | "CANCELLED";

/** How a job stands. */
export interface JobStatus {
  /** As the service calls it, without a prefix. */
  readonly state: string;
  /** Null while it goes on. */
  readonly end: EndState | null;
  /** What the service says about a failure, or null. */
  readonly message: string | null;
  /** From its creation to its end, by the service's clock; absent where it does not say. */
  readonly tookMs?: number;
}

/** A job as a list of the account's jobs shows it. */
export interface FoundJob {
  readonly name: string;
  readonly displayName: string;
  readonly end: EndState | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** How long a request about jobs is repeated when it fails. */
export interface RetryBounds {
  /** Aborted: no further try; what it rejects with is its reason. */
  readonly signal?: AbortSignal | undefined;
  /** On the clock, in milliseconds since the epoch: no further try begins later. */
  readonly until: number;
}

/**
 * What a provider does with batch jobs, of texts to embed or of anything else. Creating and looking
 * are one try each, the others are repeated by the provider. All throw CallFailure.
 */
export interface JobService<Input = EmbeddingInput, Row = JobRow> {
  /** Brings the texts to the service; costs nothing. */
  upload(order: JobOrder<Input>, patience: RetryBounds): Promise<Upload>;
  /**
   * Creates a job over an upload and gives its name. When it fails, `isLost` says that there may be a
   * job all the same.
   */
  create(order: JobOrder<Input>, upload: Upload): Promise<string>;
  /** The account's jobs of a display name. */
  find(displayName: string, patience: RetryBounds): Promise<readonly FoundJob[]>;
  /** Null: the service knows no such job, and lists none. */
  status(name: string, signal?: AbortSignal): Promise<JobStatus | null>;
  /**
   * All rows of a job that has ended; each may hold an error, and some may be missing. None where it
   * served none, or where what it served is kept no longer.
   */
  rows(name: string, patience: RetryBounds): Promise<readonly Row[]>;
  /** Asks for an end; rows that were served before may still come. */
  cancel(name: string, patience: RetryBounds): Promise<void>;
  /** The job's rows are safe: deletes the uploaded input, and nothing else. */
  tidy(name: string, patience: RetryBounds): Promise<void>;
}

/** What a provider does with texts; retrying is its own. Vectors have unit length. */
export interface EmbeddingService {
  /** Embeds a pack at once. What fails is an outcome: this never rejects for the service's sake. */
  embed(pack: TextPack, context: CallContext): Promise<CallReport>;
  /** Null: the provider has no batch jobs. */
  readonly jobs: JobService | null;
}
