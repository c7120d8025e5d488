import { CONTEXT_TOKENS, type ResolvedConfig } from "../config/schema.ts";
import type { GenerationClient } from "../generation/client.ts";
import { NOTHING_SPENT, spentOn, sumOfSpent, type Spent } from "../planning/budget.ts";
import { reservedFor, type SentenceDecision } from "../planning/plan-sentences.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { PlanItem } from "../words/types.ts";
import { contextModel, decideSentences } from "./fill-sentences.ts";
import { SentenceDrafts, type ChunkSource } from "./sentence-drafts.ts";
import { sizesOf, withSize } from "./sentence-sizes.ts";

export interface PlanEnrichmentOptions extends ChunkSource {
  readonly config: ResolvedConfig;
  readonly generator: GenerationClient;
  /** Of whoever embeds the texts. */
  readonly profile: ProviderProfile;
  readonly contexts: Pick<KeyedCache<string>, "read">;
  /** Recipes of sentences that are in jobs of earlier runs. */
  readonly inJobs: ReadonlySet<string>;
}

/** What would come of texts before they are embedded. */
export interface PlannedEnrichment {
  /** With their sentences, about as long as they become where there are none yet. */
  readonly items: readonly PlanItem[];
  /** Null: no sentences are wanted. */
  readonly decided: SentenceDecision | null;
  /** What the sentences would take of the run's budget. */
  readonly spent: Spent;
  /** Texts whose sentence is in a job of an earlier run. */
  readonly inJobs: number;
}

/** Finds out which sentences of context a run would have written. */
export async function planEnrichment(
  items: readonly PlanItem[],
  options: PlanEnrichmentOptions,
): Promise<PlannedEnrichment> {
  const { config, contexts, generator, profile: embedder } = options;
  const model = contextModel(config, generator);
  if (model === null) return { items, decided: null, spent: NOTHING_SPENT, inJobs: 0 };
  const drafts = await SentenceDrafts.read(items, model, options);
  const sizes = await sizesOf(drafts.recipes, contexts);
  const texts = drafts.partition(items, sizes, options.inJobs);
  const reserved = reservedFor(texts.ready, config.budget, embedder);
  const { profile: writer } = generator;
  const decided = decideSentences(texts.missing, config, { writer, embedder, reserved });
  return {
    items: [...texts.ready, ...decided.sent.map(({ text }) => withSize(text, TYPICAL))],
    decided,
    spent: spentBy(decided, writer),
    inJobs: texts.inJobs.length,
  };
}

/** What writing sentences would take, by the estimate. */
function spentBy({ plan }: SentenceDecision, writer: ProviderProfile): Spent {
  const spentBy = (packs: typeof plan.calls, road: "individual" | "batch"): Spent =>
    packs.flat().reduce<Spent>((spent, { tokens: input }) => {
      const tokens = { input, output: CONTEXT_TOKENS };
      return sumOfSpent(spent, spentOn(tokens, writer[road]));
    }, NOTHING_SPENT);
  return sumOfSpent(spentBy(plan.calls, "individual"), spentBy(plan.jobs, "batch"));
}

/** Six bytes a token: a little more than English takes, and than most scripts do. */
const TYPICAL = { tokens: CONTEXT_TOKENS, bytes: CONTEXT_TOKENS * 6 };
