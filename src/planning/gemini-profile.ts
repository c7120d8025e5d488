import type { ProviderProfile } from "./provider-profile.ts";

/**
 * US dollars per million input tokens; there is no charge for output.
 * https://ai.google.dev/gemini-api/docs/pricing, read in November 2026. The batch price of
 * `gemini-embedding-2` is half of the other by third-party listings; Google's page was silent.
 */
const PRICES = {
  "gemini-embedding-001": { online: 0.15, batch: 0.075 },
  "gemini-embedding-2": { online: 0.2, batch: 0.1 },
} as const;

export type GeminiModel = keyof typeof PRICES;

/**
 * Requests and tokens a minute, and tokens enqueued for batch jobs, by account tier. The table that
 * https://ai.google.dev/gemini-api/docs/rate-limits showed last, in November 2025; the free tier has
 * no batch jobs.
 */
const QUOTAS = {
  free: { requestsPerMinute: 100, tokensPerMinute: 30_000, enqueuedTokens: null },
  tier1: { requestsPerMinute: 3_000, tokensPerMinute: 1_000_000, enqueuedTokens: 500_000 },
  tier2: { requestsPerMinute: 5_000, tokensPerMinute: 5_000_000, enqueuedTokens: 5_000_000 },
  tier3: { requestsPerMinute: 10_000, tokensPerMinute: 10_000_000, enqueuedTokens: 10_000_000 },
} as const;

export type GeminiTier = keyof typeof QUOTAS;

/** “At most 100 requests can be in one batch”: the API's own refusal of a longer call. */
const TEXTS_PER_CALL = 100;

/** The classic cap of a request's body; newer pages name 100 MB for files alone. */
const BYTES_PER_CALL = 20_000_000;

/** No limit is published; 50,000 rows in a job are known to work. */
const ROWS_PER_JOB = 50_000;

/** Largest input file: https://ai.google.dev/gemini-api/docs/batch-api. */
const BYTES_PER_JOB = 2_000_000_000;

/** Concurrent batch jobs: https://ai.google.dev/gemini-api/docs/rate-limits. */
const JOBS_AT_ONCE = 100;

/**
 * Share of the enqueued-token limit that one job may fill. Jobs are refused near the limit even
 * with nothing running (googleapis/js-genai issue 1264).
 */
const ENQUEUED_SHARE = 0.8;

/** Key, model name, task type and dimensions of one row, generously. */
const BYTES_AROUND_TEXT = 320;

/** Typical of a call with few texts, and of a small job on a quiet day. No promise of Google's. */
const SECONDS = { call: 0.4, job: 60 } as const;

/** Prices, limits and latencies of the Gemini API for one model and account tier. */
export function geminiProfile(model: GeminiModel, tier: GeminiTier): ProviderProfile {
  const prices = PRICES[model];
  const { enqueuedTokens, requestsPerMinute, tokensPerMinute } = QUOTAS[tier];
  const shared = { bytesAroundText: BYTES_AROUND_TEXT };
  const texts = Math.min(TEXTS_PER_CALL, requestsPerMinute);
  return {
    individual: {
      usdPerMillionTokens: tier === "free" ? 0 : prices.online,
      limits: { ...shared, texts, tokens: tokensPerMinute, bytes: BYTES_PER_CALL },
      requestsPerMinute,
      tokensPerMinute,
      secondsPerCall: SECONDS.call,
    },
    batch:
      enqueuedTokens === null
        ? null
        : {
            usdPerMillionTokens: prices.batch,
            limits: {
              ...shared,
              texts: ROWS_PER_JOB,
              tokens: Math.floor(enqueuedTokens * ENQUEUED_SHARE),
              bytes: BYTES_PER_JOB,
            },
            enqueuedTokens,
            jobsAtOnce: JOBS_AT_ONCE,
            secondsPerJob: SECONDS.job,
          },
  };
}
