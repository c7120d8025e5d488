import { NOTHING_SPENT, passedLimit, spentWith } from "../planning/budget.ts";
import type { Budget, ReachedLimit, Spent } from "../planning/budget.ts";
import { costOfWriting } from "../planning/generation-cost.ts";
import type { GenerationPrices } from "../planning/generation-cost.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { GenerationUsage, PlanItem } from "../types.ts";

/** A sentence that is to be written, and the tokens of the text that is embedded with it. */
export interface Draft {
  readonly prompt: PlanItem;
  readonly textTokens: number;
}

export interface DraftLimits {
  readonly budget: Budget;
  /** What the rest of the run is going to send. */
  readonly reserved: Spent;
  /** Of the sentences; one that is not known counts as nothing. */
  readonly prices: GenerationPrices;
  /** Most tokens of a sentence. */
  readonly outputTokens: number;
  /** Of whoever embeds the texts. */
  readonly profile: ProviderProfile;
}

/**
 * How many drafts a budget holds together with their texts, from the first on, and the limit that the
 * next one would pass: a sentence whose text has to wait is of no use yet. Where a budget never holds
 * both, one sentence goes alone, and its text with the next run.
 */
export function draftsWithin(
  drafts: readonly Draft[],
  limits: DraftLimits,
): { readonly fits: number; readonly reached: ReachedLimit | null } {
  const { budget, outputTokens, profile, reserved } = limits;
  let spent = reserved;
  for (const [at, { prompt, textTokens }] of drafts.entries()) {
    const alone = withSentence(spent, prompt, limits);
    const text = { requests: 1, tokens: textTokens + outputTokens, road: "individual" } as const;
    spent = spentWith(alone, text);
    const mayGoAlone = at === 0 && reserved.requests === 0;
    const reached = passedLimit(mayGoAlone ? alone : spent, budget, profile);
    if (reached !== null) return { fits: at, reached };
  }
  return { fits: drafts.length, reached: null };
}

function withSentence(
  { requests, tokens, writing }: Spent,
  { tokens: input }: PlanItem,
  { outputTokens: output, prices }: DraftLimits,
): Spent {
  const costUsd = costOfWriting({ input, output }, prices, "individual") ?? 0;
  return {
    requests: requests + 1,
    tokens,
    writing: {
      tokens: writing.tokens + input + output,
      costUsd: writing.costUsd + costUsd,
    },
  };
}

/**
 * What so many prompts have taken of the run's budget: as the service has counted, and as estimated
 * for those that a job still holds.
 */
export function spentOn(
  prompts: number,
  { calls, inputTokens, outputTokens, costUsd }: Omit<GenerationUsage, "jobs" | "retries">,
  inJobs: readonly PlanItem[] = [],
  { outputTokens: longest, prices }: Pick<DraftLimits, "outputTokens" | "prices"> = NO_PRICES,
): Spent {
  const input = inJobs.reduce((sum, { tokens }) => sum + tokens, 0);
  const output = inJobs.length * longest;
  const costOfJobs = costOfWriting({ input, output }, prices, "batch") ?? 0;
  return {
    ...NOTHING_SPENT,
    requests: Math.max(prompts, calls),
    writing: {
      tokens: inputTokens + outputTokens + input + output,
      costUsd: (costUsd ?? 0) + costOfJobs,
    },
  };
}

const NO_PRICES = {
  outputTokens: 0,
  prices: { usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0 },
};
