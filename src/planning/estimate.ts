import type { Estimate, PlanItem, Tokens } from "../words/plans.ts";
import { costOf, rounded, sumOfCosts } from "./prices.ts";
import type { BatchRoad, IndividualRoad, PackLimits, ProviderProfile } from "./provider-profile.ts";

type Packs = readonly (readonly PlanItem[])[];

/** A road as far as the size of texts is concerned; null: there is none. */
type Sized = { readonly limits: PackLimits } | null;

/** What would be sent. */
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

/**
 * Time and money of what would be sent: the calls first, then the jobs. `outputTokens` are the tokens
 * that the model writes for each text, about.
 */
export function estimate(
  { calls, jobs }: Sending,
  { batch, individual }: ProviderProfile,
  maxParallel: number,
  outputTokens = 0,
): Estimate {
  const now = loadOf(calls, individual);
  const later = loadOf(jobs, batch);
  const tokensOf = ({ texts, tokens }: Load): Tokens => ({
    input: tokens,
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

/** Jobs run side by side as far as the tokens and jobs that may be enqueued go. */
export function secondsForJobs({ packs, tokens }: Load, batch: BatchRoad | null): number {
  if (batch === null) return 0;
  const rounds = Math.max(tokens / batch.enqueuedTokens, packs / batch.jobsAtOnce);
  return Math.ceil(rounds) * batch.secondsPerJob;
}

/** Estimated tokens of some texts as they are sent: in the form of the model. */
export const tokensAsSent = (items: readonly PlanItem[], road: Sized): number =>
  items.reduce((sum, item) => sum + item.tokens + (road?.limits.tokensAroundText ?? 0), 0);
