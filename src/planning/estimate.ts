import type { Estimate, PlanItem } from "../types.ts";
import type { ProviderProfile } from "./provider-profile.ts";

type Packs = readonly (readonly PlanItem[])[];

/** What would be sent. */
export interface Sending {
  readonly calls: Packs;
  readonly jobs: Packs;
}

/** Time and money of what would be sent: the calls first, then the jobs. */
export function estimate(
  { calls, jobs }: Sending,
  profile: ProviderProfile,
  maxParallel: number,
): Estimate {
  const onlineTokens = tokensOf(calls);
  const batchTokens = tokensOf(jobs);
  const { batch, individual } = profile;
  const costUsd = costOf(onlineTokens, individual) + costOf(batchTokens, batch);
  const seconds = secondsOfCalls(calls, profile, maxParallel) + secondsOfJobs(jobs, profile);
  return {
    calls: calls.length,
    jobs: jobs.length,
    texts: countTexts(calls) + countTexts(jobs),
    tokens: onlineTokens + batchTokens,
    costUsd: rounded(costUsd),
    seconds: rounded(seconds),
  };
}

/** US dollars for tokens at a road's price, not rounded. */
export const costOf = (
  tokens: number,
  road: { readonly usdPerMillionTokens: number } | null,
): number => (tokens * (road?.usdPerMillionTokens ?? 0)) / 1_000_000;

/** Calls go in waves, unless the quota of a minute, full at the start, is what they wait for. */
export function secondsOfCalls(
  calls: Packs,
  { individual }: ProviderProfile,
  maxParallel: number,
): number {
  const waves = Math.ceil(calls.length / maxParallel) * individual.secondsPerCall;
  const minutes = Math.max(
    countTexts(calls) / individual.requestsPerMinute,
    tokensOf(calls) / individual.tokensPerMinute,
  );
  return Math.max(waves, (minutes - 1) * 60);
}

/** Jobs run side by side as far as the tokens and jobs that may be enqueued go. */
export function secondsOfJobs(jobs: Packs, { batch }: ProviderProfile): number {
  if (batch === null || jobs.length === 0) return 0;
  const rounds = Math.max(tokensOf(jobs) / batch.enqueuedTokens, jobs.length / batch.jobsAtOnce);
  return Math.ceil(rounds) * batch.secondsPerJob;
}

/** Texts in some packs. */
export const countTexts = (packs: Packs): number =>
  packs.reduce((sum, items) => sum + items.length, 0);

/** Estimated tokens in some packs. */
const tokensOf = (packs: Packs): number => packs.flat().reduce((sum, item) => sum + item.tokens, 0);

/** Billionths: far below a cent, far above the noise of binary fractions. */
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;
