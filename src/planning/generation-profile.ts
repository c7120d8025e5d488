import { ROWS_PER_JOB, type GeminiTier } from "./gemini-profile.ts";
import type { Prices } from "./prices.ts";
import type { ProviderProfile } from "./provider-profile.ts";

const NONE = Number.POSITIVE_INFINITY;
const NO_LIMIT = { tokens: NONE, bytes: NONE, bytesAroundText: 0, tokensAroundText: 0 } as const;

/** Far below Google's limits, because all prompts and answers of these jobs are in memory at once. */
const BYTES_PER_JOB = 8_000_000;
const JOBS_AT_ONCE = 10;

/** Typical for a sentence, and for a small job on a quiet day. Google promises neither. */
const SECONDS = { call: 1, job: 60 } as const;

/** null: unknown. */
export interface GenerationPrices {
  readonly usdPerMillionInputTokens: number | null;
  readonly usdPerMillionOutputTokens: number | null;
}

/**
 * A batch job costs this share of the price. “Batch jobs are priced at 50% less than the standard rate
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
 * The profile of a model that writes: one text per call; jobs except on the free tier. Prices differ
 * by model, so the caller passes them; limits are unknown.
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
