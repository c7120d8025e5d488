import type { Order } from "./embed-request.ts";
import type { JobFate, RowFault } from "./fault-names.ts";
import type { GenerationBill } from "./generation-counters.ts";
import type { Model } from "./models.ts";
import type { Refusal } from "./refusal.ts";

/** Longest life of a job: https://ai.google.dev/gemini-api/docs/batch-api */
const EXPIRY_MS = 48 * 3_600_000;

export type EndState = "SUCCEEDED" | "FAILED" | "CANCELLED" | "EXPIRED";

/** `QUEUED` is one that the documentation does not know. */
export type JobState = EndState | "PENDING" | "RUNNING" | "QUEUED";

const END_STATES: Readonly<Record<JobFate, EndState>> = {
  "job-failed": "FAILED",
  "job-expired": "EXPIRED",
  "job-cancelled": "CANCELLED",
  "job-endless": "EXPIRED",
  "job-all-rows-failed": "SUCCEEDED",
};

/** An answer that was written, and what it takes. */
interface Written {
  readonly response: unknown;
  readonly bill: GenerationBill;
}

/** One text of a job. */
export interface JobRow {
  /** What the client calls it, as it stands in the answer: `key` in files, else `metadata`. */
  readonly label: { readonly key?: string; readonly metadata?: unknown };
  readonly text: string;
  /** What is asked for, or why that cannot be done. */
  readonly order: Order | Written | Refusal;
  readonly fault: RowFault | null;
}

/** What a job is made of. */
export interface JobInput {
  readonly displayName: string | null;
  readonly model: Pick<Model, "name">;
  /** What is made of the rows. */
  readonly kind: "EmbedContent" | "GenerateContent";
  /** Null: the rows stood in the request itself. */
  readonly fileName: string | null;
  readonly rows: readonly JobRow[];
  readonly fate: JobFate | null;
  /** Whether it waits in a state that nobody knows. */
  readonly isQueued: boolean;
}

/** What a job takes of the enqueued tokens. */
export const tokensOf = ({ rows }: JobInput): number =>
  rows.reduce((sum, { order }) => sum + inputTokensOf(order), 0);

function inputTokensOf(order: JobRow["order"]): number {
  if ("tokens" in order) return order.tokens;
  return "bill" in order ? order.bill.inputTokens : 0;
}

/** How a job ends, unless it is cancelled before. */
interface End {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: EndState;
  /** How many rows are served by then. */
  readonly servedRows: number;
}

/** A batch job: all that happens to it is known from the beginning, but for cancelling. */
export class BatchJob {
  readonly name: string;
  readonly input: JobInput;
  readonly createdAt: number;
  readonly #startsAt: number;
  #end: End;

  constructor(name: string, input: JobInput, createdAt: number, durationMs: number) {
    this.name = name;
    this.input = input;
    this.createdAt = createdAt;
    this.#startsAt = createdAt + durationMs / 2;
    const isLate = durationMs >= EXPIRY_MS || input.fate === "job-endless";
    const state = input.fate === null ? "SUCCEEDED" : END_STATES[input.fate];
    this.#end = {
      at: createdAt + (isLate ? EXPIRY_MS : durationMs),
      state: isLate ? "EXPIRED" : state,
      servedRows: input.rows.length,
    };
  }

  get end(): End {
    return this.#end;
  }

  stateAt(now: number): JobState {
    if (this.isDoneAt(now)) return this.#end.state;
    if (now >= this.#startsAt) return "RUNNING";
    return this.input.isQueued ? "QUEUED" : "PENDING";
  }

  isDoneAt(now: number): boolean {
    return now >= this.#end.at;
  }

  /** When it was changed last. */
  updatedAt(now: number): number {
    if (this.isDoneAt(now)) return this.#end.at;
    return now >= this.#startsAt ? this.#startsAt : this.createdAt;
  }

  /**
   * Before it starts, the job ends as cancelled; after that it succeeds with the rows that it has
   * come to; a job that has ended stays as it is.
   */
  cancel(now: number): void {
    if (now < this.#startsAt) this.stop(now);
    if (this.isDoneAt(now)) return;
    const share = (now - this.#startsAt) / (this.#end.at - this.#startsAt);
    const servedRows = Math.floor(this.input.rows.length * share);
    this.#end = { at: now, state: "SUCCEEDED", servedRows };
  }

  /** Ends the job with nothing, unless it has ended. */
  stop(now: number): void {
    if (!this.isDoneAt(now)) this.#end = { at: now, state: "CANCELLED", servedRows: 0 };
  }
}
