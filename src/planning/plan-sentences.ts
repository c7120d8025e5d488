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

/** Below this many sentences nobody waits for a job. */
const QUICK = 5;

/** A text that is to be embedded with a sentence of context, and the prompt that asks for it. */
export interface Draft {
  readonly text: PlanItem;
  /** Its fingerprint is the recipe of the sentence. */
  readonly prompt: PlanItem;
}

export interface SentenceOptions {
  readonly batching: BatchingOptions;
  readonly budget: Budget;
  /** What the run has sent, and what the texts that have their sentences are going to take. */
  readonly reserved: Spent;
  /** Tokens of a sentence, about. */
  readonly outputTokens: number;
  /** Of whoever writes the sentences. */
  readonly writer: ProviderProfile;
  /** Of whoever embeds the texts. */
  readonly embedder: ProviderProfile;
  /** Somebody would rather pay than wait. Default false. */
  readonly forceIndividual?: boolean | undefined;
}

/** Which sentences of context are written, and how; the text of the one in part waits for a later run. */
export interface SentenceDecision extends Fit<Draft> {
  /** Those for which the budget has no room. */
  readonly held: readonly Draft[];
  readonly plan: Plan;
}

/** Decides how sentences of context are written that are not there yet, and says at what cost, about. */
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
 * Which drafts a budget holds together with their texts: a sentence whose text has to wait is of no use
 * yet. Where no run ever holds both, the sentence goes first, and its text with the next run.
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

/** What embedding the text of a draft takes once it has its sentence. */
const spentOnText = (
  { text }: Draft,
  { embedder, outputTokens }: Pick<SentenceOptions, "embedder" | "outputTokens">,
): Spent => spentOn({ input: text.tokens + outputTokens, output: 0 }, embedder.individual);

/** What embedding the texts of the sentences that are sent takes, but for one that has to wait. */
export const spentOnTexts = (
  { fitting, inPart }: Pick<SentenceDecision, "fitting" | "inPart">,
  options: Pick<SentenceOptions, "embedder" | "outputTokens">,
): Spent =>
  fitting
    .filter((draft) => draft !== inPart)
    .reduce((spent, draft) => sumOfSpent(spent, spentOnText(draft, options)), NOTHING_SPENT);

/** What texts take of a budget that are going to be embedded; one that alone passes it takes nothing. */
export const reservedFor = (
  items: readonly PlanItem[],
  budget: Budget,
  { individual }: ProviderProfile,
): Spent =>
  items.reduce<Spent>((spent, { tokens }) => {
    const more = spentOn({ input: tokens, output: 0 }, individual);
    return passedLimit(more, budget) === null ? sumOfSpent(spent, more) : spent;
  }, NOTHING_SPENT);

/** What reports show of a road of sentences. */
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
