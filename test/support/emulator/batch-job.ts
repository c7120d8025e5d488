import type { Order } from "./embed-request.ts";
import type { JobFate, RowFault } from "./fault-names.ts";
import type { GenerationBill } from "./generation-counters.ts";
import type { Model } from "./models.ts";
import type { Refusal } from "./refusal.ts";

/** After this time a job expires: https://ai.google.dev/gemini-api/docs/batch-api */
const EXPIRY_MS = 48 * 3_600_000;

export type EndState = "SUCCEEDED" | "FAILED" | "CANCELLED" | "EXPIRED";

/** `QUEUED` is not a documented state. */
export type JobState = EndState | "PENDING" | "RUNNING" | "QUEUED";

const END_STATES: Readonly<Record<JobFate, EndState>> = {
  "job-failed": "FAILED",
  "job-expired": "EXPIRED",
  "job-cancelled": "CANCELLED",
  "job-endless": "EXPIRED",
  "job-all-rows-failed": "SUCCEEDED",
};

/** A generated answer and its tokens. */
interface Written {
  readonly response: unknown;
  readonly bill: GenerationBill;
}

/** One text of a job. */
export interface JobRow {
  /** The client's name for it, as the answer repeats it: `key` in files, else `metadata`. */
  readonly label: { readonly key?: string; readonly metadata?: unknown };
  readonly text: string;
  /** The request, or why it cannot be served. */
  readonly order: Order | Written | Refusal;
  readonly fault: RowFault | null;
}

/** The input of a job. */
export interface JobInput {
  readonly displayName: string | null;
  readonly model: Pick<Model, "name">;
  /** The kind of output. */
  readonly kind: "EmbedContent" | "GenerateContent";
  /** Null if the rows were in the request itself. */
  readonly fileName: string | null;
  readonly rows: readonly JobRow[];
  readonly fate: JobFate | null;
  /** Whether it waits in an undocumented state. */
  readonly isQueued: boolean;
}

/** How many enqueued tokens a job counts for. */
export const tokensOf = ({ rows }: JobInput): number =>
  rows.reduce((sum, { order }) => sum + inputTokensOf(order), 0);

function inputTokensOf(order: JobRow["order"]): number {
  if ("tokens" in order) return order.tokens;
  return "bill" in order ? order.bill.inputTokens : 0;
}

/** How a job ends unless it is cancelled. */
interface End {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: EndState;
  /** How many rows it has served by then. */
  readonly servedRows: number;
}

/** A batch job. Everything but a cancellation is decided when it is created. */
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

  /** Time of its last change. */
  updatedAt(now: number): number {
    if (this.isDoneAt(now)) return this.#end.at;
    return now >= this.#startsAt ? this.#startsAt : this.createdAt;
  }

  /**
   * Cancels the job. If it is waiting, it ends as cancelled; if it is running, it succeeds with the
   * rows served so far; if it has ended, nothing changes.
   */
  cancel(now: number): void {
    if (now < this.#startsAt) this.stop(now);
    if (this.isDoneAt(now)) return;
    const share = (now - this.#startsAt) / (this.#end.at - this.#startsAt);
    const servedRows = Math.floor(this.input.rows.length * share);
    this.#end = { at: now, state: "SUCCEEDED", servedRows };
  }

  /** Ends the job without output, unless it has already ended. */
  stop(now: number): void {
    if (!this.isDoneAt(now)) this.#end = { at: now, state: "CANCELLED", servedRows: 0 };
  }
}
