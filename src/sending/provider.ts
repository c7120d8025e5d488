import type { Tokens } from "../words/plans.ts";
import type { TaskType } from "../words/types.ts";

/**
 * The port of a provider: what it does with texts of one kind, once each. Everything else (order, limits,
 * retries, budget, ledger, events) is done here, in `sending/`, for every provider and kind alike.
 */
export interface Provider<Input, Output> {
  /** Loads what a call needs, before the time of a call begins. Absent: there is nothing to load. */
  readonly open?: () => Promise<unknown>;
  /** One call, never repeated here. Throws CallFailure; anything else it throws is not repeated. */
  readonly call: (pack: Pack<Input>, signal: AbortSignal) => Promise<Answer<Output>>;
  /** Null: the provider has no batch jobs. */
  readonly jobs: JobService<Input, Output> | null;
  /** Checks as many answers as there were texts, before anything uses them. Throws ANSWER_MALFORMED. */
  readonly check: (outputs: readonly Output[], texts: number) => void;
}

/** The texts of one call: all are for one task. */
export interface Pack<Input> {
  readonly inputs: readonly Input[];
  readonly taskType: TaskType;
  /** Estimated tokens of each text as it is sent. */
  readonly tokens: readonly number[];
}

/** What a call brings. */
export interface Answer<Output> {
  /** One for each text, in their order. */
  readonly outputs: readonly Output[];
  /** As the service counts them; null where it says nothing. */
  readonly tokens: Tokens | null;
}

/** A text on its way to a job, and the key under which its row comes back. */
interface KeyedInput<Input> {
  readonly key: string;
  readonly input: Input;
}

/** What is to be created. */
export interface JobOrder<Input> {
  readonly displayName: string;
  readonly texts: readonly KeyedInput<Input>[];
  readonly taskType: TaskType;
}

/** The input of a job at the service. */
export interface Upload {
  readonly name: string;
  /** Estimated tokens of each text in the form in which it was sent. */
  readonly tokens: readonly number[];
}

/** Tokens that a row has taken; `input` is null where the service does not count them. */
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
      /** The model has answered and the answer was kept back: asking again would not help. */
      readonly isFinal?: boolean;
      /** The service says that it has not answered, and so charges nothing. */
      readonly isFree?: boolean;
    }
);

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
 * What a provider does with batch jobs. Creating and looking are one try each, the others are repeated by
 * the provider. All throw CallFailure.
 */
export interface JobService<Input, Output> {
  /**
   * When tokens of a job are known. `created`: they are estimated for its texts as they are sent, for the
   * rows say nothing. `read`: the rows say it.
   */
  readonly countedWhen: "created" | "read";
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
  rows(name: string, patience: RetryBounds): Promise<readonly JobRow<Output>[]>;
  /** Asks for an end; rows that were served before may still come. */
  cancel(name: string, patience: RetryBounds): Promise<void>;
  /** The job's rows are safe: deletes the uploaded input, and nothing else. */
  tidy(name: string, patience: RetryBounds): Promise<void>;
}
