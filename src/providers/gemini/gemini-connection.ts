import { BatchApi } from "./batch-api.ts";
import { GeminiApi, type GeminiAccess } from "./gemini-api.ts";
import { GeminiJobs, type JobFormat } from "./gemini-jobs.ts";
import type { Way } from "./gemini-failure.ts";
import type { SharedOptions } from "./gemini-options.ts";
import { timedCalls } from "./timed-call.ts";

/** Shortest time between two status checks of a job. */
const POLL_MS = 2000;

/** The connection to one account, which embedding and writing share. */
export type GeminiConnection = ReturnType<typeof geminiConnection>;

/** Connects to an account without sending anything. */
export function geminiConnection(options: SharedOptions & GeminiAccess) {
  const { apiKey, baseUrl, batching, calls: retries, clock, fetch, random, unusedProxy } = options;
  const way: Way = { apiKey, baseUrl, unusedProxy };
  const access: GeminiAccess = { ...way, fetch };
  const api = new GeminiApi(access);
  const timed = timedCalls(clock, way);
  const batchApi = new BatchApi(access, api, timed);
  return {
    api,
    timed,
    jobsOf: <Input, Output>(model: string, format: JobFormat<Input, Output>) =>
      new GeminiJobs({ api: batchApi, model, format, clock, random, retries }),
    /** The settings that all engines share. */
    sending: {
      maxParallel: batching.maxParallelIndividual,
      textsPerCall: batching.textsPerCall,
      pollMs: POLL_MS,
      retries,
      clock,
      random,
    },
  };
}
