import type { Estimate, PlanItem } from "../words/types.ts";
import type { BatchRoad, IndividualRoad, PackLimits, ProviderProfile } from "./provider-profile.ts";

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

/** What goes by one road. */
export interface Load {
  readonly packs: number;
  readonly texts: number;
  readonly tokens: number;
}

const loadOf = (packs: Packs, road: { readonly limits: PackLimits }): Load => ({
  packs: packs.length,
  texts: countTexts(packs),
  tokens: tokensOf(packs, road),
});

/** As `secondsForCalls`, for calls that are packed. */
export const secondsOfCalls = (
  calls: Packs,
  { individual }: ProviderProfile,
  maxParallel: number,
): number => secondsForCalls(loadOf(calls, individual), individual, maxParallel);

/**
 * Calls go in waves, unless the quota of a minute, full at the start, is what they wait for; what the
 * quota of a day does not hold waits for the next days.
 */
export function secondsForCalls(
  { packs, texts, tokens }: Load,
  individual: IndividualRoad,
  maxParallel: number,
): number {
  const waves = Math.ceil(packs / maxParallel) * individual.secondsPerCall;
  const minutes = Math.max(
    texts / individual.requestsPerMinute,
    tokens / individual.tokensPerMinute,
  );
  const days = Math.max(1, Math.ceil(texts / individual.requestsPerDay));
  return Math.max(waves, (minutes - 1) * 60) + (days - 1) * SECONDS_PER_DAY;
}

/** As `secondsForJobs`, for jobs that are packed. */
export const secondsOfJobs = (jobs: Packs, { batch }: ProviderProfile): number =>
  batch === null ? 0 : secondsForJobs(loadOf(jobs, batch), batch);

/** Jobs run side by side as far as the tokens and jobs that may be enqueued go. */
export function secondsForJobs({ packs, tokens }: Load, batch: BatchRoad): number {
  const rounds = Math.max(tokens / batch.enqueuedTokens, packs / batch.jobsAtOnce);
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
export const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;
