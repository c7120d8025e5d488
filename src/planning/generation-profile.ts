import { ROWS_PER_JOB, type GeminiTier } from "./gemini-profile.ts";
import type { Prices } from "./prices.ts";
import type { ProviderProfile } from "./provider-profile.ts";

const NONE = Number.POSITIVE_INFINITY;
const NO_LIMIT = { tokens: NONE, bytes: NONE, bytesAroundText: 0, tokensAroundText: 0 } as const;

/** A job's prompts and its answers are held whole, and so many jobs at once: far below their limits. */
const BYTES_PER_JOB = 8_000_000;
const JOBS_AT_ONCE = 10;

/** Typical of a sentence, and of a small job on a quiet day. No promise of Google's. */
const SECONDS = { call: 1, job: 60 } as const;

/** US dollars per million tokens; null: nobody knows. */
export interface GenerationPrices {
  readonly usdPerMillionInputTokens: number | null;
  readonly usdPerMillionOutputTokens: number | null;
}

/**
 * Share of the price that a batch job costs. “Batch jobs are priced at 50% less than the standard rate
 * for a given model”: https://developers.googleblog.com/scale-your-ai-workloads-batch-mode-gemini-api
 */
const BATCH_SHARE = 0.5;

function pricesAt(share: number, prices: GenerationPrices): Required<Prices> {
  const { usdPerMillionInputTokens: reading, usdPerMillionOutputTokens: writing } = prices;
  return {
    usdPerMillionTokens: reading && share * reading,
    usdPerMillionOutputTokens: writing && share * writing,
  };
}

/**
 * What the planner must know of models that write: one text a call, and jobs but on the free tier.
 * Their prices and limits differ from model to model: the prices are the caller's, no limit is known.
 */
export const generationProfile = (tier: GeminiTier, prices: GenerationPrices): ProviderProfile => ({
  textTokens: NONE,
  individual: {
    ...pricesAt(1, prices),
    limits: { ...NO_LIMIT, texts: 1 },
    requestsPerMinute: NONE,
    tokensPerMinute: NONE,
    requestsPerDay: NONE,
    secondsPerCall: SECONDS.call,
  },
  batch:
    tier === "free"
      ? null
      : {
          ...pricesAt(BATCH_SHARE, prices),
          limits: { ...NO_LIMIT, texts: ROWS_PER_JOB, bytes: BYTES_PER_JOB },
          enqueuedTokens: NONE,
          jobsAtOnce: JOBS_AT_ONCE,
          secondsPerJob: SECONDS.job,
        },
});
