import type { ResolvedConfig } from "./config/schema.ts";
import type { EmbeddingClient } from "./embedding/client.ts";
import { requireFolder } from "./content/discover.ts";
import { decisionOf } from "./embedding/events.ts";
import { MetricsTally } from "./embedding/metrics-tally.ts";
import { createClient } from "./create-client.ts";
import { collectChanges } from "./indexing/collect-changes.ts";
import { embedChanges, findNeeded } from "./indexing/embed-changes.ts";
import { recordLatencies } from "./indexing/latency-record.ts";
import { collectInto, jobSentences, ledgerOf, textsOut } from "./indexing/outstanding-jobs.ts";
import { collectMessages } from "./indexing/messages.ts";
import { publishChanges } from "./indexing/publish-changes.ts";
import { failureSentences, waitingSentences } from "./indexing/unembedded.ts";
import { summarise } from "./indexing/report.ts";
import { chooseWithinBudget } from "./planning/choose-within-budget.ts";
import { ChunkSpool } from "./store/chunk-spool.ts";
import { withWriter } from "./store/open-store.ts";
import { systemClock } from "./system-clock.ts";
import type { Clock, IndexReport, Logger, Progress } from "./types.ts";

export interface IndexOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  /**
   * Pages to touch, by id or path; all others stay as they are. One that no longer exists is removed
   * from the index. Throws PAGE_UNKNOWN for what is neither a page nor below the content root.
   * Default: all pages.
   */
  readonly only?: readonly string[];
  /**
   * Absolute folders that relative paths in `only` may start at, the likeliest first. Default: they
   * are ids, or start at a folder above the content root.
   */
  readonly onlyFrom?: readonly string[];
  /**
   * Longest wait for batch jobs where the configuration names none. Default 10: most small jobs end
   * by then.
   */
  readonly deadlineMinutes?: number;
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  readonly onProgress?: (progress: Progress) => void;
  readonly clock?: Clock;
}

/**
 * Brings the index up to date with the site: read, chunk, compare, plan, embed, publish. What is
 * unchanged costs nothing; what was embedded once is never embedded again. A text or page that
 * fails is reported, not thrown.
 */
export async function indexSite(options: IndexOptions): Promise<IndexReport> {
  const { config, signal, clock = systemClock } = options;
  const onProgress = options.onProgress ?? (() => undefined);
  const messages = collectMessages(options.logger);
  const started = clock.now();
  const { batching, budget, store: target } = config;
  // Before the store is touched: a wrong path in the configuration leaves no trace.
  await requireFolder(config.content.root);
  const { client = createClient(config) } = options;
  const { space } = client;
  client.requireReady?.();
  const tally = new MetricsTally();
  const stop = client.events?.listen(tally.add);
  const working = withWriter({ target, space, clock, signal }, async (store) => {
    await using spool = await ChunkSpool.create();
    const shared = { store, space, spool, onProgress, signal, clock };
    const ledger = ledgerOf(store.jobs, space, target.index);
    const latencies = await recordLatencies(store.meta, client, batching, clock);
    const { observe, profile } = latencies;
    const earlier = { ledger, signal, observe, deadlineMs: 0 };
    const jobs = await collectInto(store.cacheOf, client, earlier);
    jobSentences(jobs).forEach(messages.tell);
    const { only, onlyFrom } = options;
    const changes = await collectChanges({ ...shared, ...messages, config, only, onlyFrom });
    const { changed } = changes;
    const needed = await findNeeded(changed, store.cache, textsOut(jobs));
    const occasion = { profile, inJobs: needed.inJobs.length };
    const planned = chooseWithinBudget(needed.items, batching, occasion, budget);
    const { plan } = planned;
    messages.tell(plan.reason);
    client.events?.emit({ type: "strategy_chosen", ...decisionOf(plan) });
    const embedded = await embedChanges(planned, {
      ...shared,
      client,
      ledger,
      changed,
      messages,
      inJobs: needed.inJobs,
      cacheHits: needed.cacheHits,
      batching,
      budget,
      observe,
      requestsOfDay: store.meta.requestsOfDay(space),
      deadlineMs: (batching.deadlineMinutes ?? options.deadlineMinutes ?? 10) * MINUTE_MS,
    });
    await latencies.keep(store.meta);
    waitingSentences(embedded.waiting).forEach(messages.warn);
    const { pending } = await publishChanges(changes, shared);
    (await failureSentences(changed, embedded.failed, spool)).forEach(messages.fail);
    const usage = { ...embedded.usage, cacheHits: needed.cacheHits };
    const summary = summarise({ changes, plan, usage, pending, failed: embedded.failed });
    const { warnings, failures } = messages;
    const { metrics } = tally;
    if (metrics.texts > 0) {
      const at = new Date(clock.now()).toISOString();
      await store.meta.setLastRun(target.index, { at, metrics });
    }
    return { ...summary, metrics, durationMs: clock.now() - started, warnings, failures };
  });
  return working.finally(stop);
}

const MINUTE_MS = 60_000;
