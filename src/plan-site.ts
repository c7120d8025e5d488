import type { ResolvedConfig } from "./config/schema.ts";
import { requireFolder } from "./content/discover.ts";
import { createGenerator } from "./create-generator.ts";
import { createClient } from "./create-client.ts";
import type { EmbeddingClient } from "./embedding/client.ts";
import { collectChanges } from "./indexing/collect-changes.ts";
import { contextModel, contextSentence, inputSpaceOf } from "./indexing/enrich-chunks.ts";
import { findNeeded } from "./indexing/embed-changes.ts";
import { collectMessages } from "./indexing/messages.ts";
import { recordLatencies } from "./indexing/latency-record.ts";
import { countChanges } from "./indexing/report.ts";
import { chooseWithinBudget } from "./planning/choose-within-budget.ts";
import { isSameSpace } from "./planning/fingerprint.ts";
import { ChunkSpool } from "./store/chunk-spool.ts";
import { withView } from "./store/store-view.ts";
import { systemClock } from "./system-clock.ts";
import type { Clock, Logger, PlanReport, Progress } from "./types.ts";

export interface PlanSiteOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
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
  const model = contextModel(config, createGenerator(config));
  const onProgress = options.onProgress ?? (() => undefined);
  const messages = collectMessages(options.logger);
  await requireFolder(config.content.root);
  return withView({ target: config.store, space, clock }, async (store) => {
    await using spool = await ChunkSpool.create();
    const inputSpace = inputSpaceOf(model, space);
    const shared = { store, space, inputSpace, spool, onProgress, signal };
    const { only, onlyFrom } = options;
    const changes = await collectChanges({ ...shared, ...messages, config, only, onlyFrom });
    const known = await store.jobs.all();
    const jobs = known.filter((job) => isSameSpace(job.space, space));
    const out = new Map(jobs.flatMap((job) => job.fingerprints.map((one) => [one, ""] as const)));
    const { items, inJobs, cacheHits } = await findNeeded(changes.changed, store.cache, out);
    if (model !== null && items.length > 0) messages.tell(contextSentence(items.length, model));
    const { profile } = await recordLatencies(store.meta, client, config.batching, clock);
    const occasion = { profile, inJobs: inJobs.length };
    const { plan } = chooseWithinBudget(items, config.batching, occasion, config.budget);
    const { warnings, failures } = messages;
    const { pages } = changes;
    const chunks = countChanges(changes);
    return {
      pages,
      chunks,
      cacheHits,
      plan,
      jobsOut: jobs.map(({ name, displayName }) => name ?? displayName),
      warnings,
      failures,
    };
  });
}
