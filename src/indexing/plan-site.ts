import { CONTEXT_TOKENS, type ResolvedConfig } from "../config/schema.ts";
import { requireFolder } from "../content/discover.ts";
import { pageFiles } from "../content/page-files.ts";
import { createClient, generatorOf } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { NOTHING_SPENT } from "../planning/budget.ts";
import { chooseWithinBudget, heldBy } from "../planning/choose-within-budget.ts";
import { sentencePlanOf } from "../planning/plan-sentences.ts";
import { ChunkSpool } from "../store/chunk-spool.ts";
import { withView } from "../store/open-store.ts";
import { hasVectors, isSameSpace } from "../words/embedding-space.ts";
import type { PlanReport } from "../words/reports.ts";
import { systemClock } from "../words/system-clock.ts";
import type { JobRecord } from "../words/plans.ts";
import type { Clock, Logger, Progress } from "../words/types.ts";
import { collectChanges } from "./collect-changes.ts";
import { contextModel } from "./fill-sentences.ts";
import { findNeeded } from "./find-needed.ts";
import { recordLatencies } from "./latency-record.ts";
import { collectMessages } from "./messages.ts";
import { otherVersionSentences } from "./other-version.ts";
import { planEnrichment, type EnrichmentOptions } from "./plan-enrichment.ts";
import { countChanges } from "./report.ts";
import type { Reading } from "./run.ts";
import { WORDS_ONLY } from "./send-nothing.ts";
import { withSize } from "./sentence-drafts.ts";

export interface PlanSiteOptions {
  /** With absolute paths, as `loadConfig` returns it. */
  readonly config: ResolvedConfig;
  /** Default: the one in the configuration. */
  readonly client?: EmbeddingClient & { readonly generator?: GenerationClient };
  /** Writes sentences of context. Default: the client's, else the one in the configuration. */
  readonly generator?: GenerationClient;
  /**
   * Pages to update, by id or path; a deleted one is removed from the index. Throws PAGE_UNKNOWN for an
   * entry that is neither a page nor inside the content root. Default: all pages.
   */
  readonly only?: readonly string[];
  /**
   * Absolute folders to resolve relative paths in `only` from, likeliest first. Default: the folders
   * above the content root.
   */
  readonly onlyFrom?: readonly string[];
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  readonly onProgress?: (progress: Progress) => void;
  readonly clock?: Clock;
}

/**
 * Plans what `indexSite` would do, without calls, writes to the store, or a lock. Without a store, all
 * chunks count as new.
 */
export async function planSite(options: PlanSiteOptions): Promise<PlanReport> {
  const { config, signal, clock = systemClock, onProgress = () => undefined } = options;
  const { client = createClient(config) } = options;
  const { generator = generatorOf(config, client) } = options;
  const { only, onlyFrom } = options;
  const { space } = client;
  const messages = collectMessages(options.logger);
  await requireFolder(pageFiles(config.content));
  return withView({ target: config.store, space, clock }, async (store) => {
    await using spool = await ChunkSpool.create();
    const reading = { config, store, spool, messages, onProgress, signal };
    const model = contextModel(config, generator);
    const changes = await collectChanges(reading, { space, model, only, onlyFrom });
    const { changed, pages } = changes;
    const known = await store.jobs.all();
    const ofTexts = known.filter((job) => isSameSpace(job.space, space));
    const ofSentences = known.filter((job) => job.space.provider === generator.space.provider);
    const isSilent = !hasVectors(space);
    const wanting = isSilent ? [] : changed;
    const { items, inJobs, cacheHits } = await findNeeded(wanting, store.cache, keysOf(ofTexts));
    const { profile } = await recordLatencies(store.meta, client, config.batching, clock);
    otherVersionSentences(changed, items, config.batching, profile).forEach(messages.warn);
    const { profile: writer } = generator;
    const out = keysOf(ofSentences);
    const toEnrich = { model, changed, items, out, embedder: profile, writer };
    const enriched = await enrich(reading, toEnrich);
    const whyNothingIsSent = isSilent ? WORDS_ONLY : null;
    const context = {
      profile,
      inJobs: inJobs.length,
      withoutSentence: enriched.inJobs,
      whyNothingIsSent,
    };
    const { batching, budget } = config;
    const { plan } = chooseWithinBudget(enriched.items, batching, context, budget, enriched);
    const { enrichment } = enriched;
    const jobsOut = [...ofTexts, ...ofSentences].map((job) => job.name ?? job.displayName);
    const { warnings, failures } = messages;
    const chunks = countChanges(changes);
    return { pages, chunks, cacheHits, plan, enrichment, jobsOut, warnings, failures };
  });
}

/** Plans sentences of context, and adds their estimated size to the texts. */
async function enrich(
  reading: Reading,
  { model, ...options }: Omit<EnrichmentOptions, "model"> & { readonly model: string | null },
) {
  const { items } = options;
  if (model === null) {
    return { items, enrichment: null, inJobs: 0, spent: NOTHING_SPENT, held: null };
  }
  const { decided, texts } = await planEnrichment(reading, { model, ...options });
  const enrichment = sentencePlanOf(decided.plan, CONTEXT_TOKENS);
  const { costUsd, inputTokens, outputTokens, sentences: requests } = enrichment;
  return {
    items: [...texts.ready, ...decided.fitting.map(({ text }) => withSize(text, TYPICAL))],
    enrichment: requests === 0 ? null : enrichment,
    inJobs: texts.inJobs.length,
    spent: { requests, tokens: inputTokens + outputTokens, costUsd: costUsd ?? 0 },
    held: heldBy(decided.reached, decided.held.length),
  };
}

/** Six bytes per token: slightly more than English and most scripts need. */
const TYPICAL = { tokens: CONTEXT_TOKENS, bytes: CONTEXT_TOKENS * 6 };

const keysOf = (jobs: readonly JobRecord[]): ReadonlySet<string> =>
  new Set(jobs.flatMap(({ fingerprints }) => fingerprints));
