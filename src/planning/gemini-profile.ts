import type { BatchRoad, PackLimits, ProviderProfile } from "./provider-profile.ts";

/** The models of which siterag knows prices, limits and form. */
export const GEMINI_MODELS = ["gemini-embedding-2", "gemini-embedding-001"] as const;

export type GeminiModel = (typeof GEMINI_MODELS)[number];

export type GeminiTier = "free" | "tier1" | "tier2" | "tier3";

/** The limits block of the configuration. */
export interface GeminiLimits {
  readonly tier: GeminiTier;
  /** Where an account's limits differ from those of its tier; null or absent: they don't. */
  readonly requestsPerMinute?: number | null;
  readonly tokensPerMinute?: number | null;
  readonly requestsPerDay?: number | null;
}

interface Quota {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  readonly requestsPerDay: number;
  /** Null: no batch jobs. */
  readonly enqueuedTokens: number | null;
}

/** No limit. */
const NONE = Number.POSITIVE_INFINITY;

/**
 * US dollars per million input tokens; there is no charge for output.
 * https://ai.google.dev/gemini-api/docs/pricing, read in November 2026. The batch price of
 * `gemini-embedding-2` is half of the other by third-party listings; Google's page was silent.
 */
const PRICES: Readonly<Record<GeminiModel, { readonly online: number; readonly batch: number }>> = {
  "gemini-embedding-001": { online: 0.15, batch: 0.075 },
  "gemini-embedding-2": { online: 0.2, batch: 0.1 },
};

/**
 * Input limits: https://ai.google.dev/gemini-api/docs/embeddings, read in November 2026. What is
 * longer would be cut without a word.
 */
const TEXT_TOKENS: Readonly<Record<GeminiModel, number>> = {
  "gemini-embedding-001": 2048,
  "gemini-embedding-2": 8192,
};

/**
 * Tokens of the longest form that a text is sent in, by the estimate of `chunking/tokens.ts`: that of
 * `gemini-embedding-2` names task and title.
 */
const FORM_TOKENS: Readonly<Record<GeminiModel, number>> = {
  "gemini-embedding-001": 0,
  "gemini-embedding-2": 10,
};

/**
 * Requests and tokens a minute, requests a day, and tokens enqueued for batch jobs, by account
 * tier. The table that https://ai.google.dev/gemini-api/docs/rate-limits showed last, in November 2025; the free tier has
 * no batch jobs.
 */
const QUOTAS: Readonly<Record<GeminiTier, Quota>> = {
  free: {
    requestsPerMinute: 100,
    tokensPerMinute: 30_000,
    requestsPerDay: 1_000,
    enqueuedTokens: null,
  },
  tier1: {
    requestsPerMinute: 3_000,
    tokensPerMinute: 1_000_000,
    requestsPerDay: NONE,
    enqueuedTokens: 500_000,
  },
  tier2: {
    requestsPerMinute: 5_000,
    tokensPerMinute: 5_000_000,
    requestsPerDay: NONE,
    enqueuedTokens: 5_000_000,
  },
  tier3: {
    requestsPerMinute: 10_000,
    tokensPerMinute: 10_000_000,
    requestsPerDay: NONE,
    enqueuedTokens: 10_000_000,
  },
};

/** “At most 100 requests can be in one batch”: the API's own refusal of a longer call. */
const TEXTS_PER_CALL = 100;

/** The classic cap of a request's body; newer pages name 100 MB for files alone. */
const BYTES_PER_CALL = 20_000_000;

/** No limit is published; 50,000 rows in a job are known to work. */
export const ROWS_PER_JOB = 50_000;

/**
 * Longest output file of a job, in characters, and of one number in it with its comma: the output is
 * read as one string, of which the machine holds half a billion.
 */
const OUTPUT_CHARACTERS = 128_000_000;
const CHARACTERS_PER_NUMBER = 22;

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

/** Prices, limits and latencies of the Gemini API for one model, length of vectors, and account. */
export function geminiProfile(
  model: GeminiModel,
  dimensions: number,
  limits: GeminiLimits,
): ProviderProfile {
  const prices = PRICES[model];
  const quota = QUOTAS[limits.tier];
  const requestsPerMinute = limits.requestsPerMinute ?? quota.requestsPerMinute;
  const tokensPerMinute = limits.tokensPerMinute ?? quota.tokensPerMinute;
  const requestsPerDay = limits.requestsPerDay ?? quota.requestsPerDay;
  const texts = Math.min(TEXTS_PER_CALL, requestsPerMinute);
  const tokensAroundText = FORM_TOKENS[model];
  const around = { bytesAroundText: BYTES_AROUND_TEXT, tokensAroundText };
  return {
    textTokens: TEXT_TOKENS[model] - tokensAroundText,
    individual: {
      usdPerMillionTokens: limits.tier === "free" ? 0 : prices.online,
      limits: { ...around, texts, tokens: tokensPerMinute, bytes: BYTES_PER_CALL },
      requestsPerMinute,
      tokensPerMinute,
      requestsPerDay,
      secondsPerCall: SECONDS.call,
    },
    batch:
      quota.enqueuedTokens === null
        ? null
        : batchRoad(prices.batch, quota.enqueuedTokens, { ...around, texts: rowsOf(dimensions) }),
  };
}

/** Rows of a job whose output can be read whole. */
const rowsOf = (dimensions: number): number =>
  Math.min(ROWS_PER_JOB, Math.floor(OUTPUT_CHARACTERS / (CHARACTERS_PER_NUMBER * dimensions)));

const batchRoad = (
  usdPerMillionTokens: number,
  enqueuedTokens: number,
  rows: Omit<PackLimits, "tokens" | "bytes">,
): BatchRoad => ({
  usdPerMillionTokens,
  limits: {
    ...rows,
    tokens: Math.floor(enqueuedTokens * ENQUEUED_SHARE),
    bytes: BYTES_PER_JOB,
  },
  enqueuedTokens,
  jobsAtOnce: JOBS_AT_ONCE,
  secondsPerJob: SECONDS.job,
});
