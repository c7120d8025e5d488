import type { BatchJob, JobRow } from "./batch-job.ts";
import { emulatedVector } from "./emulated-vector.ts";

/** With more rows than this, inline answers come in another order (js-genai #1207). */
const ORDERED_ROWS = 1000;

/** A `google.rpc.Status`. */
interface RowError {
  readonly code: number;
  readonly message?: string;
}

/** The answer to a row. */
export interface Outcome {
  readonly row: JobRow;
  readonly label: JobRow["label"];
  readonly answer:
    | { readonly values: readonly number[] }
    | { readonly response: unknown }
    | { readonly error: RowError };
}

/** The answers of a succeeded job, in input order. */
export const outcomesOf = (job: BatchJob): readonly Outcome[] =>
  job.input.rows.map((row, at) => ({
    row,
    label: row.label,
    answer: answerOf(job, row, at),
  }));

function answerOf(job: BatchJob, row: JobRow, at: number): Outcome["answer"] {
  // Rows that a cancelled job did not reach have no message.
  if (at >= job.end.servedRows) return { error: { code: 1 } };
  if (job.input.fate === "job-all-rows-failed") {
    return { error: { code: 13, message: "Internal error" } };
  }
  if (row.fault === "row-failed") {
    return { error: { code: 3, message: "Request contains an invalid argument." } };
  }
  if ("response" in row.order) return { response: row.order.response };
  if (!("tokens" in row.order)) return { error: { code: 3, message: row.order.message } };
  const values = emulatedVector(row.order);
  return { values: row.fault === "row-wrong-length" ? values.slice(1) : values };
}

/** The answers as they arrive: changed by faults, and in another order in files and long answers. */
export function deliveredOf({ input }: BatchJob, outcomes: readonly Outcome[]): readonly Outcome[] {
  const delivered = outcomes.flatMap(spoil);
  return input.fileName !== null || outcomes.length > ORDERED_ROWS
    ? shuffled(delivered)
    : delivered;
}

function spoil(outcome: Outcome): readonly Outcome[] {
  switch (outcome.row.fault) {
    case "row-missing":
      return [];
    case "row-duplicate":
      return [outcome, outcome];
    case "row-unknown-key":
      return [{ ...outcome, label: { key: `${outcome.label.key}-unknown` } }];
    default:
      return [outcome];
  }
}

/** Always changes the order. */
const shuffled = <Item>(items: readonly Item[]): readonly Item[] => [
  ...items.filter((_, at) => at % 2 === 1),
  ...items.filter((_, at) => at % 2 === 0),
];

/** A line of an output file. */
export function outputLine({ answer, label }: Outcome): string {
  const body = "values" in answer ? { response: { embedding: answer } } : answer;
  return `${JSON.stringify({ ...label, ...body })}\n`;
}

/** One of the `inlinedResponses`. */
export function inlinedResponse({ answer, label, row }: Outcome): unknown {
  if (!("values" in answer)) return { ...answer, ...label };
  const tokenCount = "tokens" in row.order ? String(row.order.tokens) : "0";
  return { response: { embedding: answer, tokenCount }, ...label };
}
