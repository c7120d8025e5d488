import type { ProviderProfile } from "./provider-profile.ts";

export const GEMINI_MODELS = ["gemini-embedding-2", "gemini-embedding-001"] as const;

export type GeminiModel = (typeof GEMINI_MODELS)[number];

export type GeminiTier = keyof typeof QUOTAS;

/** The limits block of the configuration. */
export interface GeminiLimits {
  readonly tier: GeminiTier;
  /** For an account whose limits differ from its tier's; null or absent: the tier's limit. */
  readonly requestsPerMinute?: number | null;
  readonly tokensPerMinute?: number | null;
  readonly requestsPerDay?: number | null;
}

const NONE = Number.POSITIVE_INFINITY;

/**
 * Prices are US dollars per million input tokens; output is free:
 * https://ai.google.dev/gemini-api/docs/pricing, read in November 2026. The page gave no batch price
 * for `gemini-embedding-2`; third-party listings give half the online price.
 *
 * The API silently cuts a text of more than `textTokens`:
 * https://ai.google.dev/gemini-api/docs/embeddings, read in November 2026.
 *
 * `formTokens` estimates (see `chunking/tokens.ts`) the longest form around a text: for
 * `gemini-embedding-2` it names task and title.
 */
const MODELS = {
  "gemini-embedding-2": { usdOnline: 0.2, usdBatch: 0.1, textTokens: 8192, formTokens: 10 },
  "gemini-embedding-001": { usdOnline: 0.15, usdBatch: 0.075, textTokens: 2048, formTokens: 0 },
} as const satisfies Record<GeminiModel, object>;

/**
 * By account tier: requests per minute, tokens per minute, requests per day, and tokens enqueued for
 * batch jobs (null: no batch jobs). https://ai.google.dev/gemini-api/docs/rate-limits last showed
 * this table in November 2025.
 */
const QUOTAS = {
  free: [100, 30_000, 1_000, null],
  tier1: [3_000, 1_000_000, NONE, 500_000],
  tier2: [5_000, 5_000_000, NONE, 5_000_000],
  tier3: [10_000, 10_000_000, NONE, 10_000_000],
} as const;

/** The API refuses a longer call: “At most 100 requests can be in one batch”. */
const TEXTS_PER_CALL = 100;

/** The documented limit of a request body; newer pages allow 100 MB, but only for files. */
const BYTES_PER_CALL = 20_000_000;

/** Google publishes no limit; 50,000 rows in a job are known to work. */
export const ROWS_PER_JOB = 50_000;

/** Limits a job's output file: all vectors of one are in memory, and it is read again if it breaks off. */
const OUTPUT_CHARACTERS = 128_000_000;
/** The longest number in the output, with its comma. */
const CHARACTERS_PER_NUMBER = 22;

/** Largest input file of a job: https://ai.google.dev/gemini-api/docs/batch-api. */
const BYTES_PER_JOB = 2_000_000_000;

/** Concurrent batch jobs: https://ai.google.dev/gemini-api/docs/rate-limits. */
const JOBS_AT_ONCE = 100;

/**
 * Share of the enqueued-token limit that one job may fill: Google refuses jobs near the limit even
 * when no other job runs (googleapis/js-genai issue 1264).
 */
const ENQUEUED_SHARE = 0.8;

/** Upper estimate for key, model name, task type and dimensions of one row. */
const BYTES_AROUND_TEXT = 320;

/** Typical for a call with few texts, and for a small job on a quiet day. Google promises neither. */
const SECONDS = { call: 0.4, job: 60 } as const;

/** Prices, limits and latencies of the Gemini API for a model, vector length and account. */
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
