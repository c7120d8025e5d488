import type { GenerationUsage, PlanItem } from "../types.ts";
import { NOTHING_SPENT, passedLimit, spentWith } from "./budget.ts";
import type { Budget, PaidRoad, ReachedLimit, Spent } from "./budget.ts";
import { costOfWriting } from "./generation-cost.ts";
import type { GenerationPrices } from "./generation-cost.ts";
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

/**
 * How many drafts a budget holds together with their texts, from the first on, and the limit that the
 * next one would pass: a sentence whose text has to wait is of no use yet. Where a budget never holds
 * both, one sentence goes alone, and its text with the next run.
 */
export function draftsWithin(
  drafts: readonly Draft[],
  roadOf: (draft: Draft) => PaidRoad,
  limits: DraftLimits,
): { readonly fits: number; readonly reached: ReachedLimit | null } {
  const { budget, embedder, outputTokens, reserved } = limits;
  let spent = reserved;
  for (const [at, draft] of drafts.entries()) {
    const alone = withSentence(spent, draft.prompt, roadOf(draft), limits);
    const tokens = draft.text.tokens + outputTokens;
    spent = spentWith(alone, { requests: 1, tokens, road: "individual" });
    const mayGoAlone = at === 0 && reserved.requests === 0;
    const reached = passedLimit(mayGoAlone ? alone : spent, budget, embedder);
    if (reached !== null) return { fits: at, reached };
  }
  return { fits: drafts.length, reached: null };
}

function withSentence(
  { requests, tokens, writing }: Spent,
  { tokens: input }: PlanItem,
  road: PaidRoad,
  { outputTokens: output, prices }: SentenceCosts,
): Spent {
  const costUsd = costOfWriting({ input, output }, prices, road) ?? 0;
  return {
    requests: requests + 1,
    tokens,
    writing: { tokens: writing.tokens + input + output, costUsd: writing.costUsd + costUsd },
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
