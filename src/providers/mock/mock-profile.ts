import { DEFAULTS } from "../../config/keys.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";

/** Milliseconds that the mock takes over a call and a job, unless it is told otherwise. */
export const MOCK_LATENCY = { callMs: 0, jobMs: 20 } as const;

/** How the mocks send. What they were told to do wrong, they do every time. */
export const MOCK_SENDING = {
  maxQueued: Number.POSITIVE_INFINITY,
  retries: { ...DEFAULTS.calls, maxRetries: 0 },
  random: () => 0.5,
  isPoolTold: false,
} as const;

/** No price and no quota, but packs of the size that Gemini takes, so that plans look alike. */
const limits = {
  texts: 100,
  tokens: Number.POSITIVE_INFINITY,
  bytes: Number.POSITIVE_INFINITY,
  bytesAroundText: 0,
  tokensAroundText: 0,
} as const;

/** What the planner must know of the mock. */
export const mockProfile = (latency: { callMs: number; jobMs: number }): ProviderProfile => ({
  textTokens: Number.POSITIVE_INFINITY,
  individual: {
    usdPerMillionTokens: 0,
    limits,
    requestsPerMinute: Number.POSITIVE_INFINITY,
    tokensPerMinute: Number.POSITIVE_INFINITY,
    requestsPerDay: Number.POSITIVE_INFINITY,
    secondsPerCall: latency.callMs / 1000,
  },
  batch: {
    usdPerMillionTokens: 0,
    // As at Gemini's first paid tier, and few at once: texts and vectors of a job are in memory.
    limits: { ...limits, texts: 50_000, tokens: 400_000 },
    enqueuedTokens: Number.POSITIVE_INFINITY,
    jobsAtOnce: 4,
    secondsPerJob: latency.jobMs / 1000,
  },
});
