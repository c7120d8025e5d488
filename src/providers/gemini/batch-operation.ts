import { z } from "zod";
import type { EndState, JobStatus } from "../../sending/provider.ts";

const fileName = z.string().nullable().default(null);

/** The service writes 64-bit integers as strings and leaves out zeros. */
const count = z.coerce.number().default(0);

/**
 * A batch job as `GET batches/{id}` returns it: https://ai.google.dev/api/batch-api. Not read by the SDK,
 * which drops `error` and much of `metadata`.
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

/** The parts of a batch job that siterag uses. */
export type BatchOperation = ReturnType<typeof readOperation>;

const ENDS: readonly EndState[] = ["SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED"];

/** Reads a batch job. Throws SyntaxError or ZodError for anything else. */
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
    /** `files/…`: the uploaded input, and the output once it exists. */
    inputFile: metadata.inputConfig.fileName,
    outputFile: metadata.output.responsesFile ?? response.responsesFile,
    /** Milliseconds since the epoch; NaN when the service does not say. */
    createdAt: Date.parse(metadata.createTime),
    /** Fewest rows that the output must hold, served and failed ones. */
    rows: status.end === "SUCCEEDED" ? Math.max(requestCount, ended) : ended,
  };
}

/** Strips the prefix: the service writes `BATCH_STATE_RUNNING` or `JOB_STATE_RUNNING`. */
const plainState = (state: string): string => state.replace(/^(?:BATCH|JOB)_STATE_/u, "");

/** The end that a state names; null for a job that still runs and for an unknown state. */
export const endOf = (state: string): EndState | null =>
  ENDS.find((end) => end === plainState(state)) ?? null;
