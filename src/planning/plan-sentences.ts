import type { Estimate, Plan, PlanItem, SentencePlan } from "../words/types.ts";
import {
  NOTHING_SPENT,
  passedLimit,
  spentOn,
  sumOfSpent,
  type Budget,
  type PaidRoad,
  type ReachedLimit,
  type Spent,
} from "./budget.ts";
import type { BatchingOptions } from "./choose-roads.ts";
import { chooseStrategy } from "./choose-strategy.ts";
import { batchingOfPrompts } from "./prompt-roads.ts";
import type { ProviderProfile } from "./provider-profile.ts";

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

/** Which sentences of context are written, and how. */
export interface SentenceDecision {
  readonly sent: readonly Draft[];
  /** The one of them whose text has to wait for the next run's budget; null: there is none. */
  readonly sentenceOnly: Draft | null;
  /** Those for which the budget has no room. */
  readonly held: readonly Draft[];
  /** The limit that holds them; null where none is held. */
  readonly reached: ReachedLimit | null;
  readonly plan: Plan;
}

/** Decides how sentences of context are written that are not there yet, and says at what cost, about. */
export function planSentences(
  drafts: readonly Draft[],
  options: SentenceOptions,
): SentenceDecision {
  const fitted = fittedWithin(drafts, options);
  const isSent = new Set(fitted.sent);
  return { ...fitted, held: drafts.filter((draft) => !isSent.has(draft)) };
}

/** Fewer may go another way, at another price: what is left is decided anew until it fits. */
function fittedWithin(
  drafts: readonly Draft[],
  options: SentenceOptions,
): Omit<SentenceDecision, "held"> {
  const { batching, forceIndividual, outputTokens, writer: profile } = options;
  const purpose = drafts.length < QUICK ? "quick_enrichment" : "index";
  const prompts = drafts.map(({ prompt }) => prompt);
  const context = {
    profile,
    purpose,
    outputTokens,
    forceIndividual,
    contents: "sentence",
  } as const;
  const plan = chooseStrategy(prompts, batchingOfPrompts(batching), context);
  const inJobs = new Set<PlanItem>(plan.jobs.flat());
  const roadOf = ({ prompt }: Draft) => (inJobs.has(prompt) ? "batch" : "individual");
  const { sentenceOnly, fitting, reached } = draftsWithin(drafts, roadOf, options);
  if (fitting.length === drafts.length) return { plan, sent: drafts, sentenceOnly, reached };
  const fewer = fittedWithin(fitting, options);
  return { ...fewer, reached: fewer.reached ?? reached };
}

/**
 * Which drafts a budget holds together with their texts, from the first on: a sentence whose text has
 * to wait is of no use yet. A draft that never fits does not keep back those after it. Where at least
 * its sentence fits, that goes before all others, and its text with the next run.
 */
export function draftsWithin(
  drafts: readonly Draft[],
  roadOf: (draft: Draft) => PaidRoad,
  options: Omit<SentenceOptions, "batching">,
): Pick<SentenceDecision, "sentenceOnly" | "reached"> & { readonly fitting: readonly Draft[] } {
  const { budget, outputTokens, reserved, writer } = options;
  const fitting: Draft[] = [];
  let sentenceOnly: Draft | null = null;
  let spent = reserved;
  let reached: ReachedLimit | null = null;
  const passed = (some: Spent): ReachedLimit | null => passedLimit(some, budget);
  for (const draft of drafts) {
    const tokens = { input: draft.prompt.tokens, output: outputTokens };
    const sentence = spentOn(tokens, writer[roadOf(draft)]);
    const both = sumOfSpent(sentence, spentOnText(draft, options));
    const now = passed(sumOfSpent(spent, both));
    if (now === null) {
      fitting.push(draft);
      spent = sumOfSpent(spent, both);
      continue;
    }
    reached ??= now;
    const neverFits = passed(both) !== null;
    if (!neverFits) break;
    if (spent.requests > 0 || passed(sumOfSpent(spent, sentence)) !== null) continue;
    fitting.push(draft);
    sentenceOnly = draft;
    spent = sumOfSpent(spent, sentence);
  }
  return { fitting, sentenceOnly, reached };
}

/** What embedding the text of a draft takes once it has its sentence. */
const spentOnText = (
  { text }: Draft,
  { embedder, outputTokens }: Pick<SentenceOptions, "embedder" | "outputTokens">,
): Spent => spentOn({ input: text.tokens + outputTokens, output: 0 }, embedder.individual);

/** What embedding the texts of the sentences that are sent takes, but for one that has to wait. */
export const spentOnTexts = (
  { sent, sentenceOnly }: Pick<SentenceDecision, "sent" | "sentenceOnly">,
  options: Pick<SentenceOptions, "embedder" | "outputTokens">,
): Spent =>
  sent
    .filter((draft) => draft !== sentenceOnly)
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

/** A plan of sentences as reports show it. */
export function sentencePlanOf(plan: Plan, outputTokens: number): SentencePlan {
  const { alternatives, estimate, reason, resolved } = plan;
  const { calls, costUsd, jobs, seconds, texts: sentences, tokens: inputTokens } = estimate;
  const shown = (some: Estimate | null) => some && { costUsd: some.costUsd, seconds: some.seconds };
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
    alternatives: {
      individual: shown(alternatives.individual),
      batch: shown(alternatives.batch),
    },
  };
}
