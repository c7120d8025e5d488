import type { PlanItem } from "../words/plans.ts";
import { secondsForCalls, secondsForJobs, type Load } from "./estimate.ts";
import { costOf, type Prices } from "./prices.ts";
import type { BatchRoad, IndividualRoad, PackLimits } from "./provider-profile.ts";

/**
 * Where the threshold stays. Below ten texts no price makes a job worth its trouble; and 100,000
 * texts of 400 tokens save some dollars, hours of waiting: no slow day turns jobs off for a larger set.
 */
export const THRESHOLD_BOUNDS = { least: 10, most: 100_000 } as const;

/** What decides beside profile and texts. */
export interface AdaptiveOptions {
  readonly maxParallelIndividual: number;
  readonly textsPerCall: number;
  /** What a minute of waiting costs, in US dollars. */
  readonly valueOfMinuteUsd: number;
}

/** The profile of a provider with batch jobs. */
export interface BothRoads {
  readonly individual: IndividualRoad;
  readonly batch: BatchRoad;
}

/** From so many texts on a job pays; and what it comes to with as many, beside calls. */
export interface AdaptiveThreshold {
  readonly texts: number;
  readonly savedUsd: number;
  /** How much longer the job takes; may be negative. */
  readonly waitSeconds: number;
  /** Whether a job pays then; it does not where the threshold stays at its upper bound. */
  readonly isWorthIt: boolean;
}

/**
 * The threshold nearest to the given texts: the fewest from which on up to their number a job saves as
 * much as waiting for it costs, or the fewest beyond their number with which it does. All of their mean
 * size. It is one threshold unless jobs have to queue: then a second round may cost more than it saves.
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

/** A job, or as many as it takes, beside calls for the same texts. */
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
