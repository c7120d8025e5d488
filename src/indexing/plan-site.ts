import { CONTEXT_TOKENS, type ResolvedConfig } from "../config/schema.ts";
import { requireFolder } from "../content/discover.ts";
import { createGenerator } from "../providers/create-generator.ts";
import { createClient } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { collectChanges } from "./collect-changes.ts";
import { findNeeded } from "./find-needed.ts";
import { collectMessages } from "./messages.ts";
import { contextModel, heldByDecision, inputSpaceOf } from "./fill-sentences.ts";
import { planEnrichment } from "./plan-enrichment.ts";
import { recordLatencies } from "./latency-record.ts";
import { countChanges } from "./report.ts";
import { sentencePlanOf } from "../planning/plan-sentences.ts";
import { chooseWithinBudget } from "../planning/choose-within-budget.ts";
import { isSameSpace } from "../words/embedding-space.ts";
import { ChunkSpool } from "../store/chunk-spool.ts";
import { withView } from "../store/open-store.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, JobRecord, Logger, Progress } from "../words/types.ts";
import type { PlanReport } from "../words/reports.ts";

export interface PlanSiteOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  /** Who writes sentences of context. Default: the one that the configuration names. */
  readonly generator?: GenerationClient;
  /** Pages to plan, by id or path; all others stay as they are. Default: all pages. */
  readonly only?: readonly string[];
  /** As in `IndexOptions`. */
  readonly onlyFrom?: readonly string[];
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  readonly onProgress?: (progress: Progress) => void;
  readonly clock?: Clock;
}

/**
 * Finds out what `indexSite` would do: read, chunk, compare, plan. Makes no call, writes nothing to
 * the store and takes no lock; where there is no store yet, everything counts as new.
 */
export async function planSite(options: PlanSiteOptions): Promise<PlanReport> {
  const { config, signal, clock = systemClock, client = createClient(config) } = options;
  const { space } = client;
  const { generator = createGenerator(config) } = options;
  const model = contextModel(config, generator);
  const onProgress = options.onProgress ?? (() => undefined);
  const messages = collectMessages(options.logger);
  await requireFolder(config.content.root);
  return withView({ target: config.store, space, clock }, async (store) => {
    await using spool = await ChunkSpool.create();
    const inputSpace = inputSpaceOf(model, space);
    const { only, onlyFrom } = options;
    const reading = { config, store, spool, messages, onProgress, signal };
    const changes = await collectChanges(reading, { space, inputSpace, only, onlyFrom });
    const known = await store.jobs.all();
    const ofTexts = known.filter((job) => isSameSpace(job.space, space));
    const ofSentences = known.filter((job) => job.space.provider === generator.space.provider);
    const out = keysOf(ofTexts);
    const { changed } = changes;
    const { items, inJobs, cacheHits } = await findNeeded(changed, store.cache, out);
    const { profile } = await recordLatencies(store.meta, client, config.batching, clock);
    const { contexts } = store;
    const writing = { config, generator, contexts, profile, changed, spool };
    const enriched = await planEnrichment(items, { ...writing, inJobs: keysOf(ofSentences) });
    const { decided, spent } = enriched;
    const context = { profile, inJobs: inJobs.length, withoutSentence: enriched.inJobs };
    const { batching, budget } = config;
    const before = { spent, held: decided && heldByDecision(decided) };
    const { plan } = chooseWithinBudget(enriched.items, batching, context, budget, before);
    const { warnings, failures } = messages;
    const { pages } = changes;
    const chunks = countChanges(changes);
    return {
      pages,
      chunks,
      cacheHits,
      plan,
      enrichment:
        decided === null || decided.sent.length === 0
          ? null
          : sentencePlanOf(decided.plan, CONTEXT_TOKENS),
      jobsOut: [...ofTexts, ...ofSentences].map(({ name, displayName }) => name ?? displayName),
      warnings,
      failures,
    };
  });
}

const keysOf = (jobs: readonly JobRecord[]): ReadonlySet<string> =>
  new Set(jobs.flatMap(({ fingerprints }) => fingerprints));
