import type { Estimate, PlanItem } from "../types.ts";
import type { PackLimits, ProviderProfile } from "./provider-profile.ts";

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
  const { batch, individual } = profile;
  const onlineTokens = tokensOf(calls, individual);
  const batchTokens = tokensOf(jobs, batch);
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

const SECONDS_PER_DAY = 86_400;

/**
 * Calls go in waves, unless the quota of a minute, full at the start, is what they wait for; what the
 * quota of a day does not hold waits for the next days.
 */
export function secondsOfCalls(
  calls: Packs,
  { individual }: ProviderProfile,
  maxParallel: number,
): number {
  const waves = Math.ceil(calls.length / maxParallel) * individual.secondsPerCall;
  const minutes = Math.max(
    countTexts(calls) / individual.requestsPerMinute,
    tokensOf(calls, individual) / individual.tokensPerMinute,
  );
  const days = Math.max(1, Math.ceil(countTexts(calls) / individual.requestsPerDay));
  return Math.max(waves, (minutes - 1) * 60) + (days - 1) * SECONDS_PER_DAY;
}

/** Jobs run side by side as far as the tokens and jobs that may be enqueued go. */
export function secondsOfJobs(jobs: Packs, { batch }: ProviderProfile): number {
  if (batch === null || jobs.length === 0) return 0;
  const rounds = Math.max(
    tokensOf(jobs, batch) / batch.enqueuedTokens,
    jobs.length / batch.jobsAtOnce,
  );
  return Math.ceil(rounds) * batch.secondsPerJob;
}

/** Texts in some packs. */
export const countTexts = (packs: Packs): number =>
  packs.reduce((sum, items) => sum + items.length, 0);

/** Estimated tokens of some texts as they are sent: in the form of the model. */
export const tokensAsSent = (
  items: readonly PlanItem[],
  road: { readonly limits: PackLimits } | null,
): number =>
  items.reduce((sum, item) => sum + item.tokens + (road?.limits.tokensAroundText ?? 0), 0);

const tokensOf = (packs: Packs, road: { readonly limits: PackLimits } | null): number =>
  tokensAsSent(packs.flat(), road);

/** Billionths: far below a cent, far above the noise of binary fractions. */
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;
