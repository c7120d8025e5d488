import { CallFailure } from "../../sending/call-failure.ts";
import type { EndState, JobRow } from "../../sending/provider.ts";
import type { Embedded } from "../../words/types.ts";
import { SiteragError } from "../../words/errors.ts";

const rateLimited = (): SiteragError =>
  new SiteragError("RATE_LIMITED", "The embedding service answered 429: too many requests.");

const unavailable = (): SiteragError =>
  new SiteragError("UNAVAILABLE", "The embedding service answered 503: try again later.");

const rowFailed = (): SiteragError =>
  new SiteragError("EMBEDDING_FAILED", "The embedding service could not embed this text.");

type Vectors = readonly Float32Array[];
type Row = JobRow<Embedded>;

const failing = (error: () => SiteragError) => (): never => {
  throw error();
};

/** How each fault changes the answer to a call, or throws instead. */
const CALL_FAULTS = {
  "rate-limited": failing(rateLimited),
  unavailable: failing(unavailable),
  /** Drops the first vector, which shifts all others. */
  "short-answer": (vectors: Vectors): Vectors => vectors.slice(1),
  /** Drops one number of each vector. */
  "wrong-length": (vectors: Vectors): Vectors => vectors.map((vector) => vector.slice(1)),
  "not-a-number": (vectors: Vectors): Vectors => vectors.map((vector) => vector.map(() => NaN)),
  /** A text that fails in a job fails in a call too. */
  "row-failed": failing(rowFailed),
} as const;

/** How each fault changes a text's row in a job; null drops the row. */
const ROW_FAULTS = {
  "row-failed": ({ key }: Row): Row => ({ key, error: rowFailed(), isFree: true }),
  "row-missing": (): null => null,
  "row-wrong-length": (row: Row): Row =>
    "output" in row ? { key: row.key, output: { vector: row.output.vector.slice(1) } } : row,
} as const;

/** The state in which each fault ends a job; null: the job never ends. */
const JOB_FAULTS = {
  "job-failed": "FAILED",
  "job-expired": "EXPIRED",
  "job-cancelled": "CANCELLED",
  "job-endless": null,
} as const;

/** The faults of the mock. `job-refused`: the service answers 429 when the job is created. */
export type FaultName =
  | keyof typeof CALL_FAULTS
  | keyof typeof ROW_FAULTS
  | keyof typeof JOB_FAULTS
  | "job-refused";

/** A fault, and the text that triggers it. */
export interface MockFault {
  readonly name: FaultName;
  /** Every call, job or row whose text contains this has the fault. */
  readonly text: string;
}

type Texts = readonly string[];

/** Applies a client's faults to calls, jobs and rows. */
export class Faults {
  readonly #faults: MockFault[];

  constructor(faults: readonly MockFault[]) {
    this.#faults = [...faults];
  }

  add(fault: MockFault): void {
    this.#faults.push(fault);
  }

  /** Returns the answer with its faults, or throws. */
  spoilCall(texts: Texts, vectors: Vectors): Vectors {
    return find(CALL_FAULTS, this.#meeting(texts))?.(vectors) ?? vectors;
  }

  /** Throws when a fault refuses a job with these texts. */
  checkJob(texts: Texts): void {
    if (this.#meeting(texts).includes("job-refused")) {
      throw new CallFailure(rateLimited(), "fail");
    }
  }

  /** How a job with these texts ends; null: never. */
  endOf(texts: Texts): EndState | null {
    const end = find<EndState | null>(JOB_FAULTS, this.#meeting(texts));
    return end === undefined ? "SUCCEEDED" : end;
  }

  /** Returns a text's row with its faults; null when the row is missing. */
  spoilRow(text: string, row: Row): Row | null {
    const spoil = find(ROW_FAULTS, this.#meeting([text]));
    return spoil === undefined ? row : spoil(row);
  }

  #meeting(texts: Texts): readonly FaultName[] {
    return this.#faults
      .filter((fault) => texts.some((text) => text.includes(fault.text)))
      .map(({ name }) => name);
  }
}

/** The first entry of a table that one of the names selects. */
function find<Value>(table: Readonly<Record<string, Value>>, names: readonly string[]) {
  return Object.entries(table).find(([name]) => names.includes(name))?.[1];
}
