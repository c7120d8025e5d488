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
export interface BatchOperation {
  readonly name: string;
  readonly status: JobStatus;
  /** `files/…`: the uploaded input, and the output when there is one. */
  readonly inputFile: string | null;
  readonly outputFile: string | null;
  /** Milliseconds since the epoch; NaN where it is not told. */
  readonly createdAt: number;
  /** Rows that the output holds at least: served and failed ones. */
  readonly rows: number;
}

const ENDS: Readonly<Record<string, EndState>> = {
  SUCCEEDED: "SUCCEEDED",
  FAILED: "FAILED",
  EXPIRED: "EXPIRED",
  CANCELLED: "CANCELLED",
};

/** Reads an operation. Throws a ZodError for anything else. */
export function readOperation(json: unknown): BatchOperation {
  const { name, done, metadata, response, error } = operationSchema.parse(json);
  const named = plainState(metadata.state);
  const state = done && endOf(named) === null ? doneState(error) : named;
  const { requestCount, successfulRequestCount, failedRequestCount } = metadata.batchStats;
  const ended = successfulRequestCount + failedRequestCount;
  const tookMs = Date.parse(metadata.endTime) - Date.parse(metadata.createTime);
  const took = Number.isNaN(tookMs) ? {} : { tookMs };
  return {
    name,
    status: { state, end: endOf(state), message: error?.message ?? null, ...took },
    inputFile: metadata.inputConfig.fileName,
    outputFile: metadata.output.responsesFile ?? response.responsesFile,
    createdAt: Date.parse(metadata.createTime),
    rows: endOf(state) === "SUCCEEDED" ? Math.max(requestCount, ended) : ended,
  };
}

const doneState = (error: unknown): string => (error === undefined ? "SUCCEEDED" : "FAILED");

/** `BATCH_STATE_RUNNING` and `JOB_STATE_RUNNING` are both a spelling of `RUNNING`. */
const plainState = (state: string): string => state.replace(/^(?:BATCH|JOB)_STATE_/u, "");

/** How a state has ended a job; null for one that goes on, as for any that nobody knows. */
export const endOf = (state: string): EndState | null => ENDS[plainState(state)] ?? null;
