import { z } from "zod";
import { once } from "../words/once.ts";
import type { LastRun } from "../words/reports.ts";

/** The counts of a run that sent something, as they are written into the store. */
export const lastRun = once((): z.ZodType<LastRun> =>
  z.object({
    at: z.string(),
    metrics: z.object({
      requests: z.number(),
      individualCalls: z.number(),
      jobs: z.number(),
      cacheHits: z.number(),
      cacheHitRate: z.number(),
      texts: z.number(),
      tokens: z.number(),
      costUsd: z.number().nullable(),
      extraCostVsBatchUsd: z.number().nullable(),
      secondsSavedAgainstAlwaysBatch: z.number(),
      averageLatencyMs: z.number().nullable(),
      textsPerCall: z.number(),
      retries: z.number(),
      errors: z.number(),
      errorRate: z.number(),
      poolUtilisation: z.number().nullable(),
      longestQueue: z.number(),
      poolExhausted: z.number(),
    }),
    enrichment: z
      .object({
        sentences: z.number(),
        calls: z.number(),
        jobs: z.number(),
        retries: z.number(),
        inputTokens: z.number(),
        outputTokens: z.number(),
        costUsd: z.number().nullable(),
        extraCostVsBatchUsd: z.number().nullable(),
        secondsSavedAgainstAlwaysBatch: z.number(),
      })
      .nullable(),
  }),
);
