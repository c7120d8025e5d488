import { CONTEXT_TOKENS } from "../config/schema.ts";
import { NOTHING_SPENT } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import type { SentenceDecision } from "../planning/plan-sentences.ts";
import { reservedFor, spentOn } from "../planning/sentence-budget.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { PlanItem } from "../words/types.ts";
import { bySentence } from "./by-sentence.ts";
import { contextModel, decideSentences } from "./enrich-chunks.ts";
import type { EnrichOptions } from "./enrich-chunks.ts";
import { SentenceDrafts } from "./sentence-drafts.ts";
import { sizesOf, withSize } from "./sentences.ts";

export interface PlanEnrichmentOptions extends Pick<
  EnrichOptions,
  "changed" | "spool" | "config" | "generator" | "profile"
> {
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
  const { config, contexts, generator } = options;
  const model = contextModel(config, generator);
  if (model === null) return { items, decided: null, spent: NOTHING_SPENT, inJobs: 0 };
  const drafts = await SentenceDrafts.read(items, model, options);
  const sizes = await sizesOf(drafts.recipes, contexts);
  const texts = bySentence(items, drafts, sizes, options.inJobs);
  const reserved = reservedFor(texts.ready, config.budget, options.profile);
  const decided = decideSentences(texts.missing, options, { reserved });
  const costs = { outputTokens: CONTEXT_TOKENS, prices: config.generation };
  return {
    items: [...texts.ready, ...decided.sent.map(({ text }) => withSize(text, TYPICAL))],
    decided,
    spent:
      decided.plan === null ? NOTHING_SPENT : spentOn(decided.sent.length, decided.plan, [], costs),
    inJobs: texts.inJobs.length,
  };
}

/** Six bytes a token: a little more than English takes, and than most scripts do. */
const TYPICAL = { tokens: CONTEXT_TOKENS, bytes: CONTEXT_TOKENS * 6 };
