import type { RetryPolicy } from "../../sending/retry.ts";
import type { Clock } from "../../words/types.ts";
import { BatchApi } from "./batch-api.ts";
import { GeminiApi, type GeminiAccess } from "./gemini-api.ts";
import { GeminiJobs, type JobFormat } from "./gemini-jobs.ts";
import { GeminiRest } from "./gemini-rest.ts";

/** Shortest time between two looks at a job. */
export const POLL_MS = 2000;

interface JobsOptions<Input, Output> {
  readonly model: string;
  readonly format: JobFormat<Input, Output>;
  readonly random: () => number;
  readonly retries: RetryPolicy;
}

/** One account of the Gemini API, as embedding and writing share it. */
export interface GeminiConnection {
  readonly api: GeminiApi;
  readonly apiKey: string;
  /** Batch jobs of one kind. */
  readonly jobsOf: <Input, Output>(
    options: JobsOptions<Input, Output>,
  ) => GeminiJobs<Input, Output>;
}

/** Connects to an account; nothing is sent yet. */
export function geminiConnection(access: GeminiAccess, clock: Clock): GeminiConnection {
  const { apiKey } = access;
  const api = new GeminiApi(access);
  const batchApi = new BatchApi({ rest: new GeminiRest(access), sdk: api, apiKey, clock });
  return {
    api,
    apiKey,
    jobsOf: (options) => new GeminiJobs({ ...options, api: batchApi, clock }),
  };
}
