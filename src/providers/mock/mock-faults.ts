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

/** What a fault makes of the answer to a call; it may throw. */
const CALL_FAULTS = {
  /** 429 */
  "rate-limited": failing(rateLimited),
  /** 503 */
  unavailable: failing(unavailable),
  /** A vector too few: the first one is left out, so that all others are shifted. */
  "short-answer": (vectors: Vectors): Vectors => vectors.slice(1),
  /** One number too few. */
  "wrong-length": (vectors: Vectors): Vectors => vectors.map((vector) => vector.slice(1)),
  "not-a-number": (vectors: Vectors): Vectors => vectors.map((vector) => vector.map(() => NaN)),
  /** A text whose row fails cannot be embedded by a call either. */
  "row-failed": failing(rowFailed),
} as const;

/** What a fault makes of the row of a text in a job; null leaves the row out. */
const ROW_FAULTS = {
  "row-failed": ({ key }: Row): Row => ({ key, error: rowFailed(), isFree: true }),
  "row-missing": (): null => null,
  "row-wrong-length": (row: Row): Row =>
    "output" in row ? { key: row.key, output: { vector: row.output.vector.slice(1) } } : row,
} as const;

/** The state that a fault makes a job end in; null: it runs for ever. */
const JOB_FAULTS = {
  "job-failed": "FAILED",
  "job-expired": "EXPIRED",
  "job-cancelled": "CANCELLED",
  "job-endless": null,
} as const;

/** What the mock can be told to do wrong. `job-refused`: 429 when the job is created. */
export type FaultName =
  | keyof typeof CALL_FAULTS
  | keyof typeof ROW_FAULTS
  | keyof typeof JOB_FAULTS
  | "job-refused";

/** A fault, and the text that brings it on. */
export interface MockFault {
  readonly name: FaultName;
  /** Every call, job or row with a text that holds this meets the fault. */
  readonly text: string;
}

type Texts = readonly string[];

/** The faults that a client was told of, as they meet calls, jobs and rows. */
export class Faults {
  readonly #faults: MockFault[];

  constructor(faults: readonly MockFault[]) {
    this.#faults = [...faults];
  }

  add(fault: MockFault): void {
    this.#faults.push(fault);
  }

  /** The answer to a call as it arrives. Throws what the service answers instead. */
  spoilCall(texts: Texts, vectors: Vectors): Vectors {
    return find(CALL_FAULTS, this.#meeting(texts))?.(vectors) ?? vectors;
  }

  /** Throws when the creation of a job with these texts is refused. */
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

  /** The row of a text as it arrives, or null when it does not. */
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

/** The entry of a table under the first of the names that is in it. */
function find<Value>(table: Readonly<Record<string, Value>>, names: readonly string[]) {
  return Object.entries(table).find(([name]) => names.includes(name))?.[1];
}
