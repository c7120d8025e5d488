import type { Estimate, PlanItem, Tokens } from "../words/plans.ts";
import { costOf, rounded, sumOfCosts } from "./prices.ts";
import type { BatchRoad, IndividualRoad, PackLimits, ProviderProfile } from "./provider-profile.ts";

type Packs = readonly (readonly PlanItem[])[];

/** What sizes of texts depend on; null: the provider has no such road. */
type Sized = { readonly limits: PackLimits } | null;

export interface Sending {
  readonly calls: Packs;
  readonly jobs: Packs;
}

/** What goes by one road. */
export interface Load {
  readonly packs: number;
  readonly texts: number;
  readonly tokens: number;
}

/** Estimates time and cost: calls first, then jobs. The model writes `outputTokens` for each text. */
export function estimate(
  { calls, jobs }: Sending,
  { batch, individual }: ProviderProfile,
  maxParallel: number,
  outputTokens = 0,
): Estimate {
  const now = loadOf(calls, individual);
  const later = loadOf(jobs, batch);
  const tokensOf = ({ texts, tokens: input }: Load): Tokens => ({
    input,
    output: texts * outputTokens,
  });
  return {
    calls: now.packs,
    jobs: later.packs,
    texts: now.texts + later.texts,
    tokens: now.tokens + later.tokens,
    costUsd: sumOfCosts(costOf(tokensOf(now), individual), costOf(tokensOf(later), batch)),
    seconds: rounded(secondsForCalls(now, individual, maxParallel) + secondsForJobs(later, batch)),
  };
}

export const loadOf = (packs: Packs, road: Sized): Load => ({
  packs: packs.length,
  texts: packs.flat().length,
  tokens: tokensAsSent(packs.flat(), road),
});

const SECONDS_PER_DAY = 86_400;

/**
 * Calls go in waves, or wait for the quota per minute, which is full at the start. Texts beyond the
 * quota per day wait for the next days.
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

/** Jobs run in parallel, as far as the limits on enqueued tokens and jobs allow. */
export function secondsForJobs({ packs, tokens }: Load, batch: BatchRoad | null): number {
  if (batch === null) return 0;
  const rounds = Math.max(tokens / batch.enqueuedTokens, packs / batch.jobsAtOnce);
  return Math.ceil(rounds) * batch.secondsPerJob;
}

/** Estimated tokens of texts, including the model's form around each. */
export const tokensAsSent = (items: readonly PlanItem[], road: Sized): number =>
  items.reduce((sum, item) => sum + item.tokens + (road?.limits.tokensAroundText ?? 0), 0);
