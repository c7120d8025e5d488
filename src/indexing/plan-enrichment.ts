import { CONTEXT_TOKENS } from "../config/schema.ts";
import {
  planSentences,
  reservedFor,
  type Draft,
  type SentenceDecision,
  type SentenceOptions,
} from "../planning/plan-sentences.ts";
import type { PlanItem } from "../words/plans.ts";
import type { SpooledChange } from "./collect-changes.ts";
import type { Reading } from "./run.ts";
import { SentenceDrafts, type TextsBySentence } from "./sentence-drafts.ts";

/** What decides which sentences of context are written. */
export interface EnrichmentOptions extends Pick<SentenceOptions, "writer" | "embedder"> {
  readonly model: string;
  readonly changed: readonly SpooledChange[];
  /** Texts that are to be embedded. */
  readonly items: readonly PlanItem[];
  /** Further texts, whose sentences are known, too, and for which none is written. */
  readonly others?: readonly PlanItem[];
  /** Recipes of sentences that are in jobs of earlier runs. */
  readonly out: Pick<ReadonlySet<string>, "has">;
}

export interface PlannedEnrichment extends Pick<SentenceOptions, "reserved"> {
  readonly drafts: SentenceDrafts;
  readonly texts: TextsBySentence;
  readonly decided: SentenceDecision;
  /** Decides on further ones. */
  readonly decide: (
    missing: readonly Draft[],
    given: Pick<SentenceOptions, "reserved" | "forceIndividual">,
  ) => SentenceDecision;
}

/**
 * Finds out which texts have their sentences of context, and decides how the missing ones are written, in
 * a dry run as in a run.
 */
export async function planEnrichment(
  { config, spool, store }: Pick<Reading, "config" | "spool" | "store">,
  { changed, embedder, items, model, others = [], out, writer }: EnrichmentOptions,
): Promise<PlannedEnrichment> {
  const { batching, budget } = config;
  const drafts = await SentenceDrafts.read([...items, ...others], model, changed, spool);
  const texts = await drafts.partition(items, store.contexts, out);
  const reserved = reservedFor(texts.ready, budget, embedder);
  const options = { batching, budget, writer, embedder, outputTokens: CONTEXT_TOKENS };
  const decide: PlannedEnrichment["decide"] = (missing, given) =>
    planSentences(missing, { ...options, ...given });
  return { drafts, texts, reserved, decide, decided: decide(texts.missing, { reserved }) };
}
