import type { GenerationUsage, PlanItem } from "../words/types.ts";
import { NOTHING_SPENT, passedLimit, spentWith } from "./budget.ts";
import type { Budget, PaidRoad, ReachedLimit, Spent } from "./budget.ts";
import { costOfWriting } from "./generation-cost.ts";
import type { GenerationPrices, GenerationTokens } from "./generation-cost.ts";
import type { ProviderProfile } from "./provider-profile.ts";

/** A text that is to be embedded with a sentence of context, and the prompt that asks for it. */
export interface Draft {
  readonly text: PlanItem;
  /** Its fingerprint is the recipe of the sentence. */
  readonly prompt: PlanItem;
}

/** How sentences are counted that are not there yet. */
export interface SentenceCosts {
  /** One that is not known counts as nothing. */
  readonly prices: GenerationPrices;
  /** Tokens of a sentence, about. */
  readonly outputTokens: number;
}

export interface DraftLimits extends SentenceCosts {
  readonly budget: Budget;
  /** What the rest of the run is going to send. */
  readonly reserved: Spent;
  /** Of whoever embeds the texts. */
  readonly embedder: ProviderProfile;
}

export interface DraftsWithin {
  readonly fitting: readonly Draft[];
  /** The one of them whose text the budget does not hold as well; null: there is none. */
  readonly alone: Draft | null;
  /** The limit that holds others back; null: it holds none. */
  readonly reached: ReachedLimit | null;
}

/**
 * Which drafts a budget holds together with their texts, from the first on: a sentence whose text has
 * to wait is of no use yet. One that never fits does not keep those after it; where the sentence alone
 * does, it goes first of all and `alone`, and its text with the next run.
 */
export function draftsWithin(
  drafts: readonly Draft[],
  roadOf: (draft: Draft) => PaidRoad,
  limits: DraftLimits,
): DraftsWithin {
  const { budget, embedder, outputTokens, reserved } = limits;
  const fitting: Draft[] = [];
  let first: Draft | null = null;
  let spent = reserved;
  let reached: ReachedLimit | null = null;
  const passed = (some: Spent): ReachedLimit | null => passedLimit(some, budget, embedder);
  const withText = (some: Spent, { text }: Draft): Spent =>
    spentWith(some, { requests: 1, tokens: text.tokens + outputTokens, road: "individual" });
  for (const draft of drafts) {
    const road = roadOf(draft);
    const alone = withSentence(spent, draft.prompt, road, limits);
    const both = withText(alone, draft);
    const now = passed(both);
    if (now === null) {
      fitting.push(draft);
      spent = both;
      continue;
    }
    reached ??= now;
    const neverFits =
      passed(withText(withSentence(NOTHING_SPENT, draft.prompt, road, limits), draft)) !== null;
    if (!neverFits) break;
    if (spent.requests > 0 || passed(alone) !== null) continue;
    fitting.push(draft);
    first = draft;
    spent = alone;
  }
  return { fitting, alone: first, reached };
}

/** What texts take of a budget that are going to be embedded; one that alone passes it takes nothing. */
export const reservedFor = (
  items: readonly PlanItem[],
  budget: Budget,
  embedder: ProviderProfile,
): Spent =>
  items.reduce<Spent>((spent, { tokens }) => {
    const more = { requests: 1, tokens, road: "individual" } as const;
    const isTooLarge = passedLimit(spentWith(NOTHING_SPENT, more), budget, embedder) !== null;
    return isTooLarge ? spent : spentWith(spent, more);
  }, NOTHING_SPENT);

/** What the texts of drafts take on top of what has been spent, once they have their sentences. */
export const textsOf = (drafts: readonly Draft[], outputTokens: number, before: Spent): Spent =>
  drafts.reduce<Spent>(
    (spent, { text }) =>
      spentWith(spent, { requests: 1, tokens: text.tokens + outputTokens, road: "individual" }),
    before,
  );

const withSentence = (
  spent: Spent,
  { tokens: input }: PlanItem,
  road: PaidRoad,
  costs: SentenceCosts,
): Spent =>
  withWriting(spent, { input, output: costs.outputTokens }, { road, requests: 1, ...costs });

/** What has been spent when so much more (or less) has been read and written. */
export function withWriting(
  { requests, tokens, writing }: Spent,
  more: GenerationTokens,
  by: Pick<SentenceCosts, "prices"> & { readonly road: PaidRoad; readonly requests: number },
): Spent {
  const costUsd = costOfWriting(more, by.prices, by.road) ?? 0;
  return {
    requests: requests + by.requests,
    tokens,
    writing: {
      tokens: writing.tokens + more.input + more.output,
      costUsd: writing.costUsd + costUsd,
    },
  };
}

/** What was sent for sentences, or is going to be. */
type SentencesSent = Pick<GenerationUsage, "calls" | "inputTokens" | "outputTokens" | "costUsd">;

/**
 * What so many prompts have taken of a run's budget: as the service has counted, and as estimated for
 * those that a job still holds.
 */
export function spentOn(
  prompts: number,
  { calls, inputTokens, outputTokens, costUsd }: SentencesSent,
  inJobs: readonly PlanItem[],
  costs: SentenceCosts,
): Spent {
  const counted: Spent = {
    ...NOTHING_SPENT,
    writing: { tokens: inputTokens + outputTokens, costUsd: costUsd ?? 0 },
  };
  const { writing } = inJobs.reduce(
    (spent, prompt) => withSentence(spent, prompt, "batch", costs),
    counted,
  );
  return { ...NOTHING_SPENT, requests: Math.max(prompts, calls), writing };
}
