import { CONTEXT_TOKENS } from "../config/schema.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { GenerationClient } from "../generation/client.ts";
import { draftsWithin, spentOn } from "../generation/prompt-budget.ts";
import { NOTHING_SPENT } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import { planSentences } from "../planning/plan-sentences.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Contexts } from "../store/contexts.ts";
import type { PlanItem, SentencePlan } from "../types.ts";
import { contextModel } from "./enrich-chunks.ts";
import { SentenceDrafts, sumOfTexts } from "./sentence-drafts.ts";
import type { ChunkSource } from "./sentence-drafts.ts";
import { Sentences } from "./sentences.ts";

export interface PlanEnrichmentOptions extends ChunkSource {
  readonly config: ResolvedConfig;
  readonly generator: GenerationClient;
  readonly contexts: Pick<Contexts, "read">;
  /** Recipes of sentences that are in jobs of earlier runs. */
  readonly inJobs: ReadonlySet<string>;
  /** Of whoever embeds the texts. */
  readonly profile: ProviderProfile;
}

/** What would come of texts before they are embedded. */
export interface PlannedEnrichment {
  /** With their sentences, of the greatest length where there are none yet. */
  readonly items: readonly PlanItem[];
  readonly plan: SentencePlan | null;
  /** What the sentences would take of the run's budget. */
  readonly spent: Spent;
  /** Texts for whose sentence the budget has no room. */
  readonly withoutSentence: number;
}

/** Finds out which sentences of context a run would have written. */
export async function planEnrichment(
  items: readonly PlanItem[],
  options: PlanEnrichmentOptions,
): Promise<PlannedEnrichment> {
  const { config, contexts, generator, inJobs, profile } = options;
  const model = contextModel(config, generator);
  if (model === null) return { items, plan: null, spent: NOTHING_SPENT, withoutSentence: 0 };
  const { batching, budget, generation: prices } = config;
  const drafts = await SentenceDrafts.of(items, model, options);
  const sentences = new Sentences(contexts);
  await sentences.load(drafts.recipes);
  const isMissing = ({ fingerprint }: PlanItem): boolean => {
    const recipe = drafts.recipeOf(fingerprint);
    return sentences.sizeOf(recipe) === undefined && !inJobs.has(recipe);
  };
  const larger = (item: PlanItem): PlanItem => {
    const size = sentences.sizeOf(drafts.recipeOf(item.fingerprint)) ?? LONGEST;
    return { ...item, tokens: item.tokens + size.tokens, bytes: item.bytes + size.bytes };
  };
  const missing = items.filter(isMissing);
  const reserved = sumOfTexts(items.filter((item) => !isMissing(item)).map(larger));
  const limits = { budget, reserved, prices, profile, outputTokens: CONTEXT_TOKENS };
  const wanted = missing.map(({ fingerprint }) => drafts.draftOf(fingerprint));
  const { fits } = draftsWithin(wanted, limits);
  const left = new Set(missing.slice(fits));
  const ready = items.filter((item) => !left.has(item)).map(larger);
  if (fits === 0) {
    return { items: ready, plan: null, spent: NOTHING_SPENT, withoutSentence: left.size };
  }
  const writing = { profile: generator.profile, prices, outputTokens: CONTEXT_TOKENS };
  const prompts = wanted.slice(0, fits).map(({ prompt }) => prompt);
  const { plan } = planSentences(prompts, batching, writing);
  return { items: ready, plan, spent: spentOn(fits, plan), withoutSentence: left.size };
}

/** Four bytes a token are more than any script needs. */
const LONGEST = { tokens: CONTEXT_TOKENS, bytes: CONTEXT_TOKENS * 4 };
