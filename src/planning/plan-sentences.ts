import type { Estimate, Plan, PlanItem, SentencePlan } from "../words/plans.ts";
import {
  NOTHING_SPENT,
  passedLimit,
  spentOn,
  sumOfSpent,
  type Budget,
  type PaidRoad,
  type Spent,
} from "./budget.ts";
import type { BatchingOptions } from "./choose-roads.ts";
import { chooseStrategy } from "./choose-strategy.ts";
import { batchingOfPrompts } from "./prompt-roads.ts";
import type { ProviderProfile } from "./provider-profile.ts";
import { fitInto, planFitting, type Fit } from "./within-budget.ts";

/** Fewer sentences than this go in calls. */
const QUICK = 5;

/** A text to embed with a sentence of context, and the prompt for that sentence. */
export interface Draft {
  readonly text: PlanItem;
  /** Its fingerprint is the sentence's recipe. */
  readonly prompt: PlanItem;
}

export interface SentenceOptions {
  readonly batching: BatchingOptions;
  readonly budget: Budget;
  /** What the run has sent, plus what texts that have their sentences will take. */
  readonly reserved: Spent;
  /** Estimated tokens of a sentence. */
  readonly outputTokens: number;
  readonly writer: ProviderProfile;
  readonly embedder: ProviderProfile;
  /** Default false. */
  readonly forceIndividual?: boolean | undefined;
}

/** Which sentences of context are written, and how. The text of `inPart` waits for a later run. */
export interface SentenceDecision extends Fit<Draft> {
  /** Those that exceed the budget. */
  readonly held: readonly Draft[];
  readonly plan: Plan;
}

/** Plans the missing sentences of context that fit the budget. */
export function planSentences(
  drafts: readonly Draft[],
  options: SentenceOptions,
): SentenceDecision {
  const { forceIndividual, outputTokens, writer: profile } = options;
  const batching = batchingOfPrompts(options.batching);
  const context = { profile, outputTokens, forceIndividual, contents: "sentence" } as const;
  const planOf = (some: readonly Draft[]): Plan => {
    const purpose = some.length < QUICK ? "quick_enrichment" : "index";
    const prompts = some.map(({ prompt }) => prompt);
    return chooseStrategy(prompts, batching, { ...context, purpose });
  };
  const fitted = planFitting(drafts, planOf, ({ jobs }, some) => {
    const inJobs = new Set(jobs.flat());
    const roadOf = ({ prompt }: Draft) => (inJobs.has(prompt) ? "batch" : "individual");
    return draftsWithin(some, roadOf, options);
  });
  const isFitting = new Set(fitted.fitting);
  return { ...fitted, held: drafts.filter((draft) => !isFitting.has(draft)) };
}

/**
 * Chooses the drafts that fit the budget together with their texts, because a sentence is useless until
 * its text is embedded. If both never fit one run, the sentence goes now and its text in the next run.
 */
export const draftsWithin = (
  drafts: readonly Draft[],
  roadOf: (draft: Draft) => PaidRoad,
  options: Omit<SentenceOptions, "batching">,
): Fit<Draft> =>
  fitInto(
    drafts,
    (draft) => {
      const tokens = { input: draft.prompt.tokens, output: options.outputTokens };
      const part = spentOn(tokens, options.writer[roadOf(draft)]);
      return { part, whole: sumOfSpent(part, spentOnText(draft, options)) };
    },
    options.budget,
    options.reserved,
  );

/** What embedding a draft's text with its sentence takes. */
const spentOnText = (
  { text }: Draft,
  { embedder, outputTokens }: Pick<SentenceOptions, "embedder" | "outputTokens">,
): Spent => spentOn({ input: text.tokens + outputTokens, output: 0 }, embedder.individual);

/** What embedding the texts of the fitting drafts takes, without the one that waits. */
export const spentOnTexts = (
  { fitting, inPart }: Pick<SentenceDecision, "fitting" | "inPart">,
  options: Pick<SentenceOptions, "embedder" | "outputTokens">,
): Spent =>
  fitting
    .filter((draft) => draft !== inPart)
    .reduce((spent, draft) => sumOfSpent(spent, spentOnText(draft, options)), NOTHING_SPENT);

/** What embedding texts takes from a budget. A text that alone exceeds it takes nothing. */
export const reservedFor = (
  items: readonly PlanItem[],
  budget: Budget,
  { individual }: ProviderProfile,
): Spent =>
  items.reduce<Spent>((spent, { tokens }) => {
    const more = spentOn({ input: tokens, output: 0 }, individual);
    return passedLimit(more, budget) === null ? sumOfSpent(spent, more) : spent;
  }, NOTHING_SPENT);

const shown = (road: Estimate | null) => road && { costUsd: road.costUsd, seconds: road.seconds };

/** A plan of sentences as reports show it. */
export function sentencePlanOf(plan: Plan, outputTokens: number): SentencePlan {
  const { alternatives, estimate, reason, resolved } = plan;
  const { calls, costUsd, jobs, seconds, texts: sentences, tokens: inputTokens } = estimate;
  return {
    resolved,
    reason,
    sentences,
    calls,
    jobs,
    inputTokens,
    outputTokens: sentences * outputTokens,
    costUsd,
    seconds,
    alternatives: { individual: shown(alternatives.individual), batch: shown(alternatives.batch) },
  };
}
