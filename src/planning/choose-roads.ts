import { SiteragError } from "../words/errors.ts";
import type { PlanItem, ResolvedStrategy, Road, Strategy } from "../words/plans.ts";
import type { Purpose } from "../words/types.ts";
import { adaptiveThreshold } from "./adaptive-threshold.ts";
import { count, dollars, duration, grouped } from "../words/amounts.ts";
import type { Sending } from "./estimate.ts";
import { pack } from "./pack.ts";
import type { PackLimits, ProviderProfile } from "./provider-profile.ts";

/** The batching block of the configuration. */
export interface BatchingOptions {
  readonly strategy: Strategy;
  readonly hybridThreshold: number;
  /** `adaptive`: computed from the profile's prices and times. */
  readonly batchThreshold: number | "adaptive";
  /** What a minute of waiting costs; used only with an adaptive threshold. */
  readonly valueOfMinuteUsd: number;
  readonly urgentCount: number;
  readonly maxParallelIndividual: number;
  readonly textsPerCall: number;
  readonly preferIndividualFor: readonly Purpose[];
}

/** Texts to embed, prompts, or prompts for sentences of context. */
export type Contents = "text" | "prompt" | "sentence";

/** What the planner knows about one set of texts. */
export interface PlanContext {
  readonly profile: ProviderProfile;
  /** Of items without a purpose. Default `index`. */
  readonly purpose?: Purpose | undefined;
  /** Texts in jobs from earlier runs, which are not among the items. Default 0. */
  readonly inJobs?: number | undefined;
  /** Texts that wait for a sentence of context, which are not among the items. Default 0. */
  readonly withoutSentence?: number | undefined;
  /** Why nothing is sent; null or absent: texts are. */
  readonly whyNothingIsSent?: string | null | undefined;
  readonly forceBatch?: boolean | undefined;
  readonly forceIndividual?: boolean | undefined;
  /** What the log calls the texts. Default `text`. */
  readonly contents?: Contents | undefined;
  /** Estimated tokens that the model writes for each text. Default 0. */
  readonly outputTokens?: number | undefined;
}

type Items = readonly PlanItem[];

/** Which items go in calls and which in jobs, both in input order. */
interface Split {
  readonly now: Items;
  readonly later: Items;
  readonly because: string;
}

const atOnce = (items: Items, because: string): Split => ({ now: items, later: [], because });

const asJobs = (items: Items, because: string): Split => ({ now: [], later: items, because });

/**
 * Decides which texts go in calls and which in jobs, and packs them. Precedence: force options,
 * purpose, strategy, thresholds. `because`: the reason, as the log shows it. Throws USAGE when both
 * force options are set.
 */
export function chooseRoads(items: Items, batching: BatchingOptions, context: PlanContext) {
  const { forceBatch, forceIndividual, profile } = context;
  const wanted = decide(items, batching, context);
  const isRefused = wanted.later.length > 0 && profile.batch === null;
  const chosen = isRefused
    ? atOnce(items, `${wanted.because}; but this provider has no batch jobs`)
    : wanted;
  const sending = packed(chosen, batching, profile);
  // A forced road overrides the configured strategy.
  const unforced = forceIndividual === true ? "individual" : batching.strategy;
  const strategy = forceBatch === true ? "batch" : unforced;
  return { strategy, resolved: resolve(sending), because: chosen.because, ...sending };
}

/** How the same texts would go by each road; null: the provider does not have it. */
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
  const isInteractive = (item: PlanItem): boolean =>
    batching.preferIndividualFor.includes(purposeOf(item));
  const first = items.find(isInteractive);
  if (first === undefined) return byStrategy(items, batching, profile);
  const never = `${purposeOf(first)} never waits for a job`;
  const background = items.filter((item) => !isInteractive(item));
  if (background.length === 0) return atOnce(items, never);
  const { later, because } = byStrategy(background, batching, profile);
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
    const because = `auto: ${count(batchThreshold, "text")} or more${why}`;
    return withoutLoneJobs(items, items, because, profile);
  }
  if (items.length >= hybridThreshold) {
    const most = batchThreshold - 1;
    const range = hybridThreshold === most ? "" : `${grouped(hybridThreshold)} to `;
    const because = `auto: ${range}${count(most, "text")}`;
    return withoutLoneJobs(items, notUrgent(items, batching), because, profile);
  }
  const lower = Math.min(hybridThreshold, batchThreshold);
  return atOnce(items, `auto: fewer than ${count(lower, "text")}${why}`);
}

/**
 * An adaptive threshold leaves no room for hybrid: where a job does not pay for all texts, it does not
 * pay for a part of them. Null: the threshold is adaptive, and the provider has no jobs.
 */
function thresholdsOf(
  items: Items,
  batching: BatchingOptions,
  { individual, batch }: ProviderProfile,
) {
  const { hybridThreshold, batchThreshold, valueOfMinuteUsd } = batching;
  if (batchThreshold !== "adaptive") return { hybridThreshold, batchThreshold, why: "" };
  if (batch === null) return null;
  const threshold = adaptiveThreshold(items, batching, { individual, batch });
  const { texts, savedUsd, waitSeconds, isWorthIt } = threshold;
  const wait = waitSeconds > 0 ? `${duration(waitSeconds)} longer` : "no longer";
  const bound = isWorthIt ? "" : " at its upper bound";
  const why = `, adaptive${bound}: a job for ${count(texts, "text")} saves ${dollars(savedUsd)} and takes ${wait}, at ${dollars(valueOfMinuteUsd)} a minute`;
  return { hybridThreshold: texts, batchThreshold: texts, why };
}

/** Leaves out the items marked urgent; if none is, the first `urgentCount` items. */
function notUrgent(items: Items, { urgentCount }: BatchingOptions): Items {
  const rest = items.filter((item) => item.urgent !== true);
  return rest.length === items.length ? items.slice(urgentCount) : rest;
}

/** Sends a text in a call if its job would hold no other text. */
function withoutLoneJobs(
  items: Items,
  later: Items,
  because: string,
  { batch }: ProviderProfile,
): Split {
  const shared = batch === null ? later : inSharedJobs(later, batch.limits);
  const isWhole = shared.length === later.length;
  return split(items, shared, isWhole ? because : `${because}; no job for a single text`);
}

function inSharedJobs(items: Items, limits: PackLimits): Items {
  const shared = pack(items, limits).flatMap((job) => (job.length > 1 ? job : []));
  // Again without the others, because that may change the packing.
  return shared.length === items.length ? items : inSharedJobs(shared, limits);
}

function split(items: Items, later: Items, because: string): Split {
  const isLater = new Set(later);
  const parts = Object.groupBy(items, (item) => (isLater.has(item) ? "later" : "now"));
  return { now: parts.now ?? [], later: parts.later ?? [], because };
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
