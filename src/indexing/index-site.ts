import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { requireFolder } from "../content/discover.ts";
import type { Listener } from "../sending/events.ts";
import { MetricsTally } from "../embedding/metrics-tally.ts";
import { createGenerator } from "../providers/create-generator.ts";
import type { GenerationClient } from "../generation/client.ts";
import { contextModel, enrichChunks, inputSpaceOf } from "./enrich-chunks.ts";
import type { Enriched } from "./enrich-chunks.ts";
import { createClient } from "../providers/create-client.ts";
import { announcementsOf } from "./announcements.ts";
import { collectChanges } from "./collect-changes.ts";
import { embedChanges } from "./embed-changes.ts";
import { findNeeded } from "./find-needed.ts";
import type { Needed } from "./find-needed.ts";
import { recordLatencies } from "./latency-record.ts";
import { collectInto, jobSentences, ledgerOf, textsOut } from "./outstanding-jobs.ts";
import { collectMessages } from "./messages.ts";
import type { Messages } from "./messages.ts";
import { publishChanges } from "./publish-changes.ts";
import { failureSentences, waitingSentences } from "./unembedded.ts";
import { summarise } from "./report.ts";
import type { Summary } from "./report.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { chooseWithinBudget } from "../planning/choose-within-budget.ts";
import type { BudgetedPlan } from "../planning/choose-within-budget.ts";
import { ChunkSpool } from "../store/chunk-spool.ts";
import { withWriter } from "../store/open-store.ts";
import type { StoreWriter } from "../store/open-store.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Enrichment, Logger, Progress } from "../words/types.ts";
import type { IndexReport, LastRun } from "../words/reports.ts";

export interface IndexOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  /** Who writes sentences of context. Default: the one that the configuration names. */
  readonly generator?: GenerationClient;
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
  const { client = createClient(config), generator = createGenerator(config) } = options;
  const started = clock.now();
  const messages = collectMessages(options.logger);
  // Before the store is touched: a wrong path in the configuration leaves no trace.
  await requireFolder(config.content.root);
  const { space } = client;
  client.requireReady?.();
  if (config.generation.enrich !== "off") generator.requireReady();
  return withWriter({ target: config.store, space, clock, signal }, async (store) => {
    const tally = new MetricsTally();
    let enrichment: Enrichment | null = null;
    const onEnriched = (some: Enrichment): void => {
      enrichment = some;
    };
    const watched = { onEvent: tally.add, onEnriched, signal: store.signal };
    const run = { ...options, ...watched, client, generator, clock, messages };
    try {
      const summary = await bringUpToDate(store, run);
      const { warnings, failures } = messages;
      const { metrics } = tally;
      const durationMs = clock.now() - started;
      return { ...summary, enrichment, metrics, durationMs, warnings, failures };
    } finally {
      // An interrupted run has cost something, too.
      await keepLastRun(store, run, { metrics: tally.metrics, enrichment });
    }
  });
}

/** Keeps what a run has come to that has sent something. */
async function keepLastRun(
  store: StoreWriter,
  { clock, config }: Run,
  came: Omit<LastRun, "at">,
): Promise<void> {
  const { metrics, enrichment } = came;
  const { calls = 0, jobs = 0, inputTokens = 0 } = enrichment ?? {};
  if (metrics.texts + calls + jobs + inputTokens === 0) return;
  const at = new Date(clock.now()).toISOString();
  await store.meta.setLastRun(config.store.index, { at, ...came });
}

interface Run extends IndexOptions {
  readonly client: EmbeddingClient;
  readonly generator: GenerationClient;
  readonly clock: Clock;
  readonly messages: Messages;
  readonly onEvent: Listener;
  readonly onEnriched: (enrichment: Enrichment) => void;
}

/** Read, chunk, compare, enrich, plan, embed, publish. */
async function bringUpToDate(store: StoreWriter, run: Run): Promise<Summary> {
  const { client, config, generator, messages, clock, signal } = run;
  const { onProgress = () => undefined } = run;
  const { space } = client;
  await using spool = await ChunkSpool.create();
  const latencies = await recordLatencies(store.meta, client, config.batching, clock);
  const { observe, profile } = latencies;
  const ledger = ledgerOf(store.jobs, space, config.store.index);
  const shared = { ...run, store, space, spool, ledger, observe, profile, onProgress };
  const earlier = await collectInto(store.cacheOf, client, {
    ledger,
    signal,
    observe,
    deadlineMs: 0,
  });
  jobSentences(earlier).forEach(messages.tell);
  const model = contextModel(config, generator);
  const inputSpace = inputSpaceOf(model, space);
  const changes = await collectChanges({ ...shared, ...messages, inputSpace });
  const { changed } = changes;
  const needed = await findNeeded(changed, store.cache, textsOut(earlier));
  const deadlineAt = clock.now() + deadlineMsOf(run);
  const isWaiting = deadlineAt > clock.now() && isSlow(profile);
  const told = { ...announcementsOf({ ...shared, isWaiting }), changed, deadlineAt };
  const enriched = await enrichChunks(needed, { ...shared, ...told });
  const planned = planTexts(needed, enriched, shared);
  told.onPlan(planned.plan);
  await using _kept = { [Symbol.asyncDispose]: () => latencies.keep(store.meta) };
  const embedded = await embedChanges(planned, { ...shared, ...told, ...needed, ...enriched });
  const waiting = [...enriched.waiting, ...embedded.waiting];
  waitingSentences(waiting).forEach(messages.warn);
  const failed = new Map([...enriched.failed, ...embedded.failed]);
  const { pending } = await publishChanges(changes, { ...shared, contextModel: model });
  (await failureSentences(changed, failed, spool)).forEach(messages.fail);
  const usage = { ...embedded.usage, cacheHits: needed.cacheHits };
  return summarise({ changes, plan: planned.plan, usage, pending, failed });
}

/** How what can be embedded now is sent, as far as the budget goes. */
function planTexts(
  { inJobs }: Needed,
  { items, failed, held, spent, waiting }: Enriched,
  { config, profile }: Pick<Run, "config"> & { readonly profile: ProviderProfile },
): BudgetedPlan {
  const withoutSentence = waiting.length + failed.size;
  const occasion = { profile, inJobs: inJobs.length, withoutSentence };
  const { batching, budget } = config;
  return chooseWithinBudget(items, batching, occasion, budget, { spent, held });
}

/** Whether a job takes so long that somebody asks what is being waited for. */
const isSlow = ({ batch }: ProviderProfile): boolean => (batch?.secondsPerJob ?? 0) > 1;

/** Longest wait for batch jobs, whatever they are for. */
const deadlineMsOf = ({ config, deadlineMinutes }: IndexOptions): number =>
  (config.batching.deadlineMinutes ?? deadlineMinutes ?? 10) * MINUTE_MS;

const MINUTE_MS = 60_000;
