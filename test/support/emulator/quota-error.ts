import { Refusal } from "./refusal.ts";
import type { ErrorDetail } from "./refusal.ts";

const SERVICE = "generativelanguage.googleapis.com";
const REQUESTS = `${SERVICE}/embed_content_free_tier_requests`;

/** Names of the quotas of calls, from recorded refusals of the free tier. */
const QUOTAS = {
  requestsPerMinute: {
    quotaMetric: REQUESTS,
    quotaId: "EmbedContentRequestsPerMinutePerUserPerProjectPerModel-FreeTier",
  },
  tokensPerMinute: {
    quotaMetric: `${SERVICE}/embed_content_free_tier_input_token_count`,
    quotaId: "EmbedContentInputTokensPerMinutePerProjectPerModel-FreeTier",
  },
  requestsPerDay: {
    quotaMetric: REQUESTS,
    quotaId: "EmbedContentRequestsPerDayPerUserPerProjectPerModel-FreeTier",
  },
} as const;

export type CallQuota = keyof typeof QUOTAS;

const HELP: ErrorDetail = {
  "@type": "type.googleapis.com/google.rpc.Help",
  links: [
    {
      description: "Learn more about Gemini API quotas",
      url: "https://ai.google.dev/gemini-api/docs/rate-limits",
    },
  ],
};

const MESSAGE =
  "You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.";

/**
 * The refusal of a call: 429 with Help, QuotaFailure and, unless `retryMs` is null, RetryInfo. As
 * recorded, the message has the exact time, and RetryInfo has whole seconds, rounded down.
 */
export function quotaRefusal(
  quota: CallQuota,
  quotaName: string,
  limit: number,
  retryMs: number | null,
): Refusal {
  const { quotaId, quotaMetric } = QUOTAS[quota];
  const violation = {
    quotaMetric,
    quotaId,
    quotaDimensions: { model: quotaName, location: "global" },
    quotaValue: String(limit),
  };
  const failure = {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    violations: [violation],
  };
  const exceeded = `${MESSAGE}\n* Quota exceeded for metric: ${quotaMetric}, limit: ${limit}, model: ${quotaName}`;
  if (retryMs === null) return new Refusal("RESOURCE_EXHAUSTED", exceeded, [HELP, failure]);
  const retry = {
    "@type": "type.googleapis.com/google.rpc.RetryInfo",
    retryDelay: `${Math.floor(retryMs / 1000)}s`,
  };
  const message = `${exceeded}\nPlease retry in ${retryMs / 1000}s.`;
  return new Refusal("RESOURCE_EXHAUSTED", message, [HELP, failure, retry]);
}

/** The refusal of a batch job: 429 with neither the quota nor the time to wait. */
export const jobQuotaRefusal = (): Refusal => new Refusal("RESOURCE_EXHAUSTED", MESSAGE, [HELP]);
