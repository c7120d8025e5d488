import { CONTEXT_TOKENS } from "../config/schema.ts";
import {
  planSentences,
  reservedFor,
  type Draft,
  type SentenceOptions,
} from "../planning/plan-sentences.ts";
import type { PlanItem } from "../words/plans.ts";
import type { SpooledChange } from "./collect-changes.ts";
import type { Reading } from "./run.ts";
import { SentenceDrafts } from "./sentence-drafts.ts";

export interface EnrichmentOptions extends Pick<SentenceOptions, "writer" | "embedder"> {
  readonly model: string;
  readonly changed: readonly SpooledChange[];
  /** Texts to embed. */
  readonly items: readonly PlanItem[];
  /** Texts to look up sentences for, without writing new ones. */
  readonly others?: readonly PlanItem[];
  /** Recipes of sentences in jobs from earlier runs. */
  readonly out: Pick<ReadonlySet<string>, "has">;
}

/** Finds the texts that lack a sentence of context and plans how to write it, in runs and dry runs. */
export async function planEnrichment(
  { config, spool, store }: Pick<Reading, "config" | "spool" | "store">,
  { changed, embedder, items, model, others = [], out, writer }: EnrichmentOptions,
) {
  const { batching, budget } = config;
  const drafts = SentenceDrafts.read([...items, ...others], model, changed, spool);
  const texts = await drafts.partition(items, store.contexts, out);
  const reserved = reservedFor(texts.ready, budget, embedder);
  const options = { batching, budget, writer, embedder, outputTokens: CONTEXT_TOKENS };
  const decide = (
    missing: readonly Draft[],
    given: Pick<SentenceOptions, "reserved" | "forceIndividual">,
  ) => planSentences(missing, { ...options, ...given });
  return { drafts, texts, reserved, decide, decided: decide(texts.missing, { reserved }) };
}
