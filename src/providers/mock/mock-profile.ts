import type { ProviderProfile } from "../../planning/provider-profile.ts";

/** How long a call and a job take by default. */
export const MOCK_LATENCY = { callMs: 0, jobMs: 20 } as const;

/** No price and no quota, but Gemini's pack size, so that plans look alike. */
const limits = {
  texts: 100,
  tokens: Number.POSITIVE_INFINITY,
  bytes: Number.POSITIVE_INFINITY,
  bytesAroundText: 0,
  tokensAroundText: 0,
} as const;

/** The mock as the planner sees it. */
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
    // Gemini's first paid tier, but few jobs at once: their texts and vectors are in memory.
    limits: { ...limits, texts: 50_000, tokens: 400_000 },
    enqueuedTokens: Number.POSITIVE_INFINITY,
    jobsAtOnce: 4,
    secondsPerJob: latency.jobMs / 1000,
  },
});
