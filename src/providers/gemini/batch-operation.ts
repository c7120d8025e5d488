import { z } from "zod";
import type { EndState, JobStatus } from "../../sending/provider.ts";

const fileName = z.string().nullable().default(null);

/** Strings, as 64-bit integers are in JSON; zeros are left out. */
const count = z.coerce.number().default(0);

/**
 * A batch job as `GET batches/{id}` shows it: https://ai.google.dev/api/batch-api. Read raw, because
 * the SDK leaves out `error` and much of `metadata`.
 */
const operationSchema = z.object({
  name: z.string(),
  done: z.boolean().default(false),
  metadata: z
    .object({
      state: z.string().default("UNSPECIFIED"),
      createTime: z.string().default(""),
      endTime: z.string().default(""),
      inputConfig: z.object({ fileName }).prefault({}),
      output: z.object({ responsesFile: fileName }).prefault({}),
      batchStats: z
        .object({ requestCount: count, successfulRequestCount: count, failedRequestCount: count })
        .prefault({}),
    })
    .prefault({}),
  response: z.object({ responsesFile: fileName }).prefault({}),
  error: z.object({ message: z.string().default("") }).optional(),
});

/** What siterag reads of a batch job. */
export type BatchOperation = ReturnType<typeof readOperation>;

const ENDS: readonly EndState[] = ["SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED"];

/** Reads an operation. Throws a SyntaxError or a ZodError for anything else. */
export function readOperation(text: string) {
  const { name, done, metadata, response, error } = operationSchema.parse(JSON.parse(text));
  const named = plainState(metadata.state);
  const doneState = error === undefined ? "SUCCEEDED" : "FAILED";
  const state = done && endOf(named) === null ? doneState : named;
  const { requestCount, successfulRequestCount, failedRequestCount } = metadata.batchStats;
  const ended = successfulRequestCount + failedRequestCount;
  const tookMs = Date.parse(metadata.endTime) - Date.parse(metadata.createTime);
  const took = Number.isNaN(tookMs) ? {} : { tookMs };
  const message = error?.message ?? null;
  const status: JobStatus = { state, end: endOf(state), message, ...took };
  return {
    name,
    status,
    /** `files/…`: the uploaded input, and the output when there is one. */
    inputFile: metadata.inputConfig.fileName,
    outputFile: metadata.output.responsesFile ?? response.responsesFile,
    /** Milliseconds since the epoch; NaN where it is not told. */
    createdAt: Date.parse(metadata.createTime),
    /** Rows that the output holds at least: served and failed ones. */
    rows: status.end === "SUCCEEDED" ? Math.max(requestCount, ended) : ended,
  };
}

/** `BATCH_STATE_RUNNING` and `JOB_STATE_RUNNING` are both a spelling of `RUNNING`. */
const plainState = (state: string): string => state.replace(/^(?:BATCH|JOB)_STATE_/u, "");

/** How a state has ended a job; null for one that goes on, as for any that nobody knows. */
export const endOf = (state: string): EndState | null =>
  ENDS.find((end) => end === plainState(state)) ?? null;
