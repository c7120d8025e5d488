import type { Estimate, PlanItem, Tokens } from "../words/types.ts";
import { costOf, rounded, sumOfCosts } from "./prices.ts";
import type { BatchRoad, IndividualRoad, PackLimits, ProviderProfile } from "./provider-profile.ts";

type Packs = readonly (readonly PlanItem[])[];

/** What would be sent. */
export interface Sending {
  readonly calls: Packs;
  readonly jobs: Packs;
}

/**
 * Time and money of what would be sent: the calls first, then the jobs. `outputTokens` are the tokens
 * that the model writes for each text, about.
 */
export function estimate(
  { calls, jobs }: Sending,
  profile: ProviderProfile,
  maxParallel: number,
  outputTokens = 0,
): Estimate {
  const { batch, individual } = profile;
  const now = tokensOf(calls, individual, outputTokens);
  const later = tokensOf(jobs, batch, outputTokens);
  const seconds = secondsOfCalls(calls, profile, maxParallel) + secondsOfJobs(jobs, profile);
  return {
    calls: calls.length,
    jobs: jobs.length,
    texts: countTexts(calls) + countTexts(jobs),
    tokens: now.input + later.input,
    costUsd: sumOfCosts(costOf(now, individual), costOf(later, batch)),
    seconds: rounded(seconds),
  };
}

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
  tokens: tokensAsSent(packs.flat(), road),
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

const tokensOf = (
  packs: Packs,
  road: { readonly limits: PackLimits } | null,
  outputTokens: number,
): Tokens => ({
  input: tokensAsSent(packs.flat(), road),
  output: countTexts(packs) * outputTokens,
});
