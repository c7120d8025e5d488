import type { ProviderProfile } from "./provider-profile.ts";

export const GEMINI_MODELS = ["gemini-embedding-2", "gemini-embedding-001"] as const;

export type GeminiModel = (typeof GEMINI_MODELS)[number];

export type GeminiTier = keyof typeof QUOTAS;

/** The limits block of the configuration. */
export interface GeminiLimits {
  readonly tier: GeminiTier;
  /** Where an account's limits differ from those of its tier; null or absent: they don't. */
  readonly requestsPerMinute?: number | null;
  readonly tokensPerMinute?: number | null;
  readonly requestsPerDay?: number | null;
}

/** No limit. */
const NONE = Number.POSITIVE_INFINITY;

/**
 * The models of which siterag knows prices, limits and form.
 *
 * Prices are US dollars per million input tokens; there is no charge for output.
 * https://ai.google.dev/gemini-api/docs/pricing, read in November 2026. The batch price of
 * `gemini-embedding-2` is half of the other by third-party listings; Google's page was silent.
 *
 * A text of more than `textTokens` would be cut without a word:
 * https://ai.google.dev/gemini-api/docs/embeddings, read in November 2026.
 *
 * `formTokens` are those of the longest form that a text is sent in, by the estimate of
 * `chunking/tokens.ts`: that of `gemini-embedding-2` names task and title.
 */
const MODELS = {
  "gemini-embedding-2": { usdOnline: 0.2, usdBatch: 0.1, textTokens: 8192, formTokens: 10 },
  "gemini-embedding-001": { usdOnline: 0.15, usdBatch: 0.075, textTokens: 2048, formTokens: 0 },
} as const satisfies Record<GeminiModel, object>;

/**
 * Requests a minute, tokens a minute, requests a day, and tokens enqueued for batch jobs, by account
 * tier; null: no batch jobs. The table that https://ai.google.dev/gemini-api/docs/rate-limits showed
 * last, in November 2025.
 */
const QUOTAS = {
  free: [100, 30_000, 1_000, null],
  tier1: [3_000, 1_000_000, NONE, 500_000],
  tier2: [5_000, 5_000_000, NONE, 5_000_000],
  tier3: [10_000, 10_000_000, NONE, 10_000_000],
} as const;

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
  const { formTokens, textTokens, usdBatch, usdOnline } = MODELS[model];
  const [requests, tokens, requestsOfDay, enqueuedTokens] = QUOTAS[limits.tier];
  const requestsPerMinute = limits.requestsPerMinute ?? requests;
  const tokensPerMinute = limits.tokensPerMinute ?? tokens;
  const requestsPerDay = limits.requestsPerDay ?? requestsOfDay;
  const around = { bytesAroundText: BYTES_AROUND_TEXT, tokensAroundText: formTokens };
  const texts = Math.min(TEXTS_PER_CALL, requestsPerMinute);
  const individual = {
    usdPerMillionTokens: limits.tier === "free" ? 0 : usdOnline,
    limits: { ...around, texts, tokens: tokensPerMinute, bytes: BYTES_PER_CALL },
    requestsPerMinute,
    tokensPerMinute,
    requestsPerDay,
    secondsPerCall: SECONDS.call,
  };
  const profile = { textTokens: textTokens - formTokens, individual };
  if (enqueuedTokens === null) return { ...profile, batch: null };
  const rowsRead = Math.floor(OUTPUT_CHARACTERS / (CHARACTERS_PER_NUMBER * dimensions));
  const rows = Math.min(ROWS_PER_JOB, rowsRead);
  const tokensOfJob = Math.floor(enqueuedTokens * ENQUEUED_SHARE);
  return {
    ...profile,
    batch: {
      usdPerMillionTokens: usdBatch,
      limits: { ...around, texts: rows, tokens: tokensOfJob, bytes: BYTES_PER_JOB },
      enqueuedTokens,
      jobsAtOnce: JOBS_AT_ONCE,
      secondsPerJob: SECONDS.job,
    },
  };
}
