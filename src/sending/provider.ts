import type { Tokens } from "../words/plans.ts";
import type { TaskType } from "../words/types.ts";
import type { Retry } from "./retry.ts";
import type { Turn } from "./turns.ts";

/**
 * The port of a provider: single requests for texts of one kind. `sending/` does the rest for every
 * provider and kind: order, limits, retries, budget, ledger, events.
 */
export interface Provider<Input, Output> {
  /** Loads what a call needs, before the time of the call begins. Absent: nothing to load. */
  readonly open?: () => Promise<unknown>;
  /** Makes one call. Throws CallFailure, which says whether to retry; nothing else is retried. */
  readonly call: (pack: Pack<Input>, signal: AbortSignal) => Promise<Answer<Output>>;
  /** Null: the provider has no batch jobs. */
  readonly jobs: JobService<Input, Output> | null;
  /** Checks the answers to so many texts before anything uses them. Throws ANSWER_MALFORMED. */
  readonly check: (outputs: readonly Output[], texts: number) => void;
}

/** The texts of one call: all are for one task. */
export interface Pack<Input> {
  readonly inputs: readonly Input[];
  readonly taskType: TaskType;
  /** Estimated tokens of each text as it is sent. */
  readonly tokens: readonly number[];
}

/** The answer to a call. */
interface Answer<Output> {
  /** One for each text, in their order. */
  readonly outputs: readonly Output[];
  /** As the service counts them; null where it says nothing. */
  readonly tokens: Tokens | null;
}

/** A job to create. Each text has the key under which its row comes back. */
export interface JobOrder<Input> {
  readonly displayName: string;
  readonly texts: readonly { readonly key: string; readonly input: Input }[];
  readonly taskType: TaskType;
}

/** The uploaded input of a job. */
export interface Upload {
  readonly name: string;
  /** Estimated tokens of each text as it was sent. */
  readonly tokens: readonly number[];
}

/** Tokens of a row; `input` is null where the service does not count them. */
export interface RowTokens {
  readonly input: number | null;
  readonly output: number;
}

/** One row of a finished job. Rows come in any order. */
export type JobRow<Output> = {
  readonly key: string;
  /** Absent or null: the service says nothing. */
  readonly tokens?: RowTokens | null;
} & (
  | { readonly output: Output }
  | {
      readonly error: Error;
      /** The model answered and the service withheld the answer: asking again does not help. */
      readonly isFinal?: boolean;
      /** The service did not answer, and charges nothing. */
      readonly isFree?: boolean;
    }
);

/** States in which a job has ended. Every other state, known or new, means that it continues. */
export type EndState = "SUCCEEDED" | "FAILED" | "EXPIRED" | "CANCELLED";

/** The state of a job. */
export interface JobStatus {
  /** As the service calls it, without a prefix. */
  readonly state: string;
  /** Null while it continues. */
  readonly end: EndState | null;
  /** The service's words about a failure, or null. */
  readonly message: string | null;
  /** From creation to end, by the service's clock; absent where it does not say. */
  readonly tookMs?: number;
}

/** A job in the list of the account's jobs. */
export interface FoundJob {
  readonly name: string;
  readonly displayName: string;
  readonly end: EndState | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** For how long a failed request about jobs is retried. */
export interface RetryBounds {
  /** Once aborted, no further try begins, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** No try begins later. Milliseconds since the epoch on the clock. */
  readonly until: number;
  /** Is told of each retry, before its pause. */
  readonly onRetry?: (retry: Retry) => void;
  /** As in `RetryOptions`. */
  readonly turn?: Turn;
}

/**
 * A provider's batch jobs. `create` and `status` make one try; the provider retries the other requests.
 * All throw CallFailure.
 */
export interface JobService<Input, Output> {
  /** When tokens count. `created`: estimated, as the rows say nothing. `read`: as the rows say. */
  readonly countedWhen: "created" | "read";
  /** Uploads the texts, which costs nothing. */
  upload(order: JobOrder<Input>, patience: RetryBounds): Promise<Upload>;
  /**
   * Creates a job from an upload and gives its name. After a failure with `isLost`, and after an abort,
   * it may exist.
   */
  create(order: JobOrder<Input>, upload: Upload, signal: AbortSignal): Promise<string>;
  /** The account's jobs of a display name. */
  find(displayName: string, patience: RetryBounds): Promise<readonly FoundJob[]>;
  /** Null: the service neither knows nor lists such a job. */
  status(name: string, signal?: AbortSignal): Promise<JobStatus | null>;
  /** The rows of a job that has ended. Some may be missing; all are once the service deletes them. */
  rows(name: string, patience: RetryBounds): Promise<readonly JobRow<Output>[]>;
  /** Asks the service to end the job; its rows so far can still be read. */
  cancel(name: string, patience: RetryBounds): Promise<void>;
  /** Deletes the uploaded input, and nothing else, once the job's rows are safe. */
  tidy(name: string, patience: RetryBounds): Promise<void>;
}
