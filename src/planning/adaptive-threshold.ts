import type { PlanItem } from "../words/plans.ts";
import { secondsForCalls, secondsForJobs, type Load } from "./estimate.ts";
import { costOf, type Prices } from "./prices.ts";
import type { BatchRoad, IndividualRoad, PackLimits } from "./provider-profile.ts";

/** Below ten texts a job never pays. From 100,000 on it does, even after a day of slow jobs. */
export const THRESHOLD_BOUNDS = { least: 10, most: 100_000 } as const;

export interface AdaptiveOptions {
  readonly maxParallelIndividual: number;
  readonly textsPerCall: number;
  /** What a minute of waiting costs. */
  readonly valueOfMinuteUsd: number;
}

export interface BothRoads {
  readonly individual: IndividualRoad;
  readonly batch: BatchRoad;
}

/** The smallest number of texts for which a job pays, and how such a job compares with calls. */
export interface AdaptiveThreshold {
  readonly texts: number;
  readonly savedUsd: number;
  /** How much longer the job takes than calls; may be negative. */
  readonly waitSeconds: number;
  /** False if a job does not pay even at the upper bound. */
  readonly isWorthIt: boolean;
}

/**
 * Finds the threshold by counting down from the number of items while a job saves at least what the
 * wait costs, or up until it does. Every text has the items' mean size. Where jobs must queue, there
 * are several thresholds, because a second round may cost more than it saves; this is the nearest.
 */
export function adaptiveThreshold(
  items: readonly PlanItem[],
  options: AdaptiveOptions,
  roads: BothRoads,
): AdaptiveThreshold {
  const { least, most } = THRESHOLD_BOUNDS;
  const tokens = items.reduce((sum, item) => sum + item.tokens, 0);
  const meanTokens = tokens / Math.max(1, items.length);
  const compare = (texts: number) => comparison(texts, meanTokens, options, roads);
  const pays = (texts: number): boolean => texts >= most || compare(texts).isWorthIt;
  let texts = Math.min(Math.max(items.length, least), most);
  if (pays(texts)) while (texts > least && pays(texts - 1)) texts -= 1;
  else while (!pays(texts)) texts += 1;
  return compare(texts);
}

const costBy = ({ tokens }: Load, road: Prices): number =>
  costOf({ input: tokens, output: 0 }, road) ?? 0;

/** Compares jobs with calls for the same texts. */
function comparison(
  texts: number,
  meanTokens: number,
  { maxParallelIndividual, textsPerCall, valueOfMinuteUsd }: AdaptiveOptions,
  { individual, batch }: BothRoads,
): AdaptiveThreshold {
  const loadWithin = (limits: PackLimits): Load => {
    const tokens = texts * (meanTokens + limits.tokensAroundText);
    const packs = Math.ceil(Math.max(texts / limits.texts, tokens / limits.tokens));
    return { packs, texts, tokens };
  };
  const callTexts = Math.min(textsPerCall, individual.limits.texts);
  const now = loadWithin({ ...individual.limits, texts: callTexts });
  const later = loadWithin(batch.limits);
  const savedUsd = costBy(now, individual) - costBy(later, batch);
  const waitSeconds =
    secondsForJobs(later, batch) - secondsForCalls(now, individual, maxParallelIndividual);
  const isWorthIt = savedUsd >= (waitSeconds / 60) * valueOfMinuteUsd;
  return { texts, savedUsd, waitSeconds, isWorthIt };
}
