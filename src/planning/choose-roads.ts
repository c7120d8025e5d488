import { SiteragError } from "../words/errors.ts";
import type { PlanItem, ResolvedStrategy, Road, Strategy } from "../words/plans.ts";
import type { Purpose } from "../words/types.ts";
import { adaptiveThreshold } from "./adaptive-threshold.ts";
import { count, dollars, duration } from "../words/amounts.ts";
import type { Sending } from "./estimate.ts";
import { pack } from "./pack.ts";
import type { PackLimits, ProviderProfile } from "./provider-profile.ts";

/** The batching block of the configuration. */
export interface BatchingOptions {
  readonly strategy: Strategy;
  readonly hybridThreshold: number;
  /** `adaptive`: where a job pays, by the profile's prices and times. */
  readonly batchThreshold: number | "adaptive";
  /** What a minute of waiting costs, in US dollars; counts where the threshold is adaptive. */
  readonly valueOfMinuteUsd: number;
  readonly urgentCount: number;
  readonly maxParallelIndividual: number;
  readonly textsPerCall: number;
  readonly preferIndividualFor: readonly Purpose[];
}

/** What a set of texts is made of: texts to embed, prompts, or prompts for sentences of context. */
export type Contents = "text" | "prompt" | "sentence";

/** What is special of one set of texts. */
export interface PlanContext {
  /** Who is going to embed them. */
  readonly profile: ProviderProfile;
  /** Purpose of items that name none of their own. Default `index`. */
  readonly purpose?: Purpose | undefined;
  /** Texts that are in jobs of earlier runs, and not among the items. Default 0. */
  readonly inJobs?: number | undefined;
  /** Texts whose sentence of context is not there yet, and not among the items. Default 0. */
  readonly withoutSentence?: number | undefined;
  readonly forceBatch?: boolean | undefined;
  readonly forceIndividual?: boolean | undefined;
  /** What the texts are, in the words of the log. Default `text`. */
  readonly contents?: Contents | undefined;
  /** Tokens that the model writes for each text, about. Default 0. */
  readonly outputTokens?: number | undefined;
}

/** Which texts go in which call or job, and why. */
export interface Roads extends Sending {
  readonly strategy: Strategy;
  readonly resolved: ResolvedStrategy;
  /** What was decided by, in the words of the log. */
  readonly because: string;
}

type Items = readonly PlanItem[];

/** Which items go at once and which as jobs, each in their order, and why. */
interface Split {
  readonly now: Items;
  readonly later: Items;
  readonly because: string;
}

/** All of them go at once. */
const atOnce = (items: Items, because: string): Split => ({ now: items, later: [], because });

/** All of them go as jobs. */
const asJobs = (items: Items, because: string): Split => ({ now: [], later: items, because });

/**
 * Decides which texts go at once and which as jobs, and packs them. Precedence: forces, then the
 * purpose, then the chosen strategy, then the thresholds. Throws USAGE when both forces are set.
 */
export function chooseRoads(items: Items, batching: BatchingOptions, context: PlanContext): Roads {
  const { forceBatch, forceIndividual, profile } = context;
  const wanted = decide(items, batching, context);
  const isRefused = wanted.later.length > 0 && profile.batch === null;
  const chosen = isRefused
    ? atOnce(items, `${wanted.because}; but this provider has no batch jobs`)
    : wanted;
  const sending = packed(chosen, batching, profile);
  // Who forces a road has chosen it for this set, whatever the configuration says.
  const unforced = forceIndividual === true ? "individual" : batching.strategy;
  const strategy = forceBatch === true ? "batch" : unforced;
  return { strategy, resolved: resolve(sending), because: chosen.because, ...sending };
}

/** The same texts if the user had chosen a road for them; null where the provider has no such one. */
export function otherRoads(
  items: Items,
  batching: BatchingOptions,
  profile: ProviderProfile,
): Readonly<Record<Road, Sending | null>> {
  const ifSplit = (some: Split) => packed(some, batching, profile);
  const individual = ifSplit(atOnce(items, ""));
  if (profile.batch === null) return { individual, hybrid: null, batch: null };
  const hybrid = withoutLoneJobs(items, notUrgent(items, batching), "", profile);
  return { individual, hybrid: ifSplit(hybrid), batch: ifSplit(asJobs(items, "")) };
}

function decide(
  items: Items,
  batching: BatchingOptions,
  { forceBatch, forceIndividual, purpose: ofSet = "index", profile }: PlanContext,
): Split {
  if (forceBatch === true && forceIndividual === true) {
    throw new SiteragError("USAGE", "forceBatch and forceIndividual exclude each other: set one.");
  }
  if (forceIndividual === true) return atOnce(items, "forceIndividual");
  if (forceBatch === true) return asJobs(items, "forceBatch");
  const purposeOf = (item: PlanItem): Purpose => item.purpose ?? ofSet;
  const isHurried = (item: PlanItem): boolean =>
    batching.preferIndividualFor.includes(purposeOf(item));
  const first = items.find(isHurried);
  if (first === undefined) return byStrategy(items, batching, profile);
  const never = `${purposeOf(first)} never waits for a job`;
  const calm = items.filter((item) => !isHurried(item));
  if (calm.length === 0) return atOnce(items, never);
  const { later, because } = byStrategy(calm, batching, profile);
  return split(items, later, `${never}; the rest: ${because}`);
}

function byStrategy(items: Items, batching: BatchingOptions, profile: ProviderProfile): Split {
  const { strategy } = batching;
  if (strategy === "individual") return atOnce(items, "strategy individual");
  if (strategy === "batch") return asJobs(items, "strategy batch");
  const thresholds = thresholdsOf(items, batching, profile);
  if (thresholds === null) return atOnce(items, "auto: this provider has no batch jobs");
  const { hybridThreshold, batchThreshold, why } = thresholds;
  if (items.length >= batchThreshold) {
    const because = `auto: from ${count(batchThreshold, "text")} on${why}`;
    return withoutLoneJobs(items, items, because, profile);
  }
  if (items.length >= hybridThreshold) {
    const because = `auto: from ${count(hybridThreshold, "text")} on, below ${batchThreshold}`;
    return withoutLoneJobs(items, notUrgent(items, batching), because, profile);
  }
  const lower = Math.min(hybridThreshold, batchThreshold);
  return atOnce(items, `auto: below ${count(lower, "text")}${why}`);
}

/**
 * A set that is not worth a job is not worth one for its rest either: adaptive knows no hybrid. Null:
 * there is nothing to adapt to.
 */
function thresholdsOf(
  items: Items,
  batching: BatchingOptions,
  { individual, batch }: ProviderProfile,
) {
  const { hybridThreshold, batchThreshold, valueOfMinuteUsd } = batching;
  if (batchThreshold !== "adaptive") return { hybridThreshold, batchThreshold, why: "" };
  if (batch === null) return null;
  const roads = { individual, batch };
  const { texts, savedUsd, waitSeconds, isWorthIt } = adaptiveThreshold(items, batching, roads);
  const wait = waitSeconds > 0 ? `${duration(waitSeconds)} longer` : "no longer";
  const bound = isWorthIt ? "" : " at its upper bound";
  const why = `, adaptive${bound}: there a job saves ${dollars(savedUsd)} and takes ${wait}, at ${dollars(valueOfMinuteUsd)} a minute`;
  return { hybridThreshold: texts, batchThreshold: texts, why };
}

/** All but those marked urgent, or but the first few when none is. */
function notUrgent(items: Items, { urgentCount }: BatchingOptions): Items {
  const calm = items.filter((item) => item.urgent !== true);
  return calm.length === items.length ? items.slice(urgentCount) : calm;
}

/** Takes out what would be alone in a job, by its task or because it fits in with no other text. */
function withoutLoneJobs(
  items: Items,
  later: Items,
  because: string,
  { batch }: ProviderProfile,
): Split {
  const inCompany = batch === null ? later : withCompany(later, batch.limits);
  const isWhole = inCompany.length === later.length;
  return split(items, inCompany, isWhole ? because : `${because}; no job for a single text`);
}

function withCompany(items: Items, limits: PackLimits): Items {
  const inCompany = new Set(
    pack(items, limits)
      .filter(({ length }) => length > 1)
      .flat(),
  );
  if (inCompany.size === items.length) return items;
  // Without the others these may be packed in another way.
  return withCompany(
    items.filter((item) => inCompany.has(item)),
    limits,
  );
}

/** Parts a list, both parts in its order. */
function split(items: Items, later: Items, because: string): Split {
  const isLater = new Set(later);
  return {
    now: items.filter((item) => !isLater.has(item)),
    later: items.filter((item) => isLater.has(item)),
    because,
  };
}

function packed(
  { now, later }: Split,
  { textsPerCall }: BatchingOptions,
  { individual, batch }: ProviderProfile,
): Sending {
  const texts = Math.min(textsPerCall, individual.limits.texts);
  return {
    calls: pack(now, { ...individual.limits, texts }),
    jobs: batch === null ? [] : pack(later, batch.limits),
  };
}

function resolve({ calls, jobs }: Sending): ResolvedStrategy {
  if (jobs.length === 0) return calls.length === 0 ? "none" : "individual";
  return calls.length === 0 ? "batch" : "hybrid";
}
