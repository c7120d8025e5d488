import { BatchApi } from "./batch-api.ts";
import { GeminiApi, type GeminiAccess } from "./gemini-api.ts";
import { GeminiJobs, type JobFormat } from "./gemini-jobs.ts";
import type { SharedOptions } from "./gemini-options.ts";
import { timedCalls } from "./timed-call.ts";

/** Shortest time between two looks at a job. */
const POLL_MS = 2000;

/** One account of the Gemini API, as embedding and writing share it. */
export type GeminiConnection = ReturnType<typeof geminiConnection>;

/** Connects to an account; nothing is sent yet. */
export function geminiConnection(options: SharedOptions & GeminiAccess) {
  const { batching, calls: retries, clock, random } = options;
  const api = new GeminiApi(options);
  const timed = timedCalls(clock, options.apiKey);
  const batchApi = new BatchApi(options, api, timed);
  return {
    api,
    timed,
    /** Batch jobs of one kind. */
    jobsOf: <Input, Output>(model: string, format: JobFormat<Input, Output>) =>
      new GeminiJobs({ api: batchApi, model, format, clock, random, retries }),
    /** What an engine sends by, whatever it sends. */
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
