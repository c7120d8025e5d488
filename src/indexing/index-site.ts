import type { ResolvedConfig } from "../config/schema.ts";
import { requireFolder } from "../content/discover.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { createClient, createGenerator } from "../providers/create-client.ts";
import { MetricsTally } from "../sending/metrics-tally.ts";
import { ChunkSpool } from "../store/chunk-spool.ts";
import { withWriter } from "../store/open-store.ts";
import type { IndexReport, LastRun } from "../words/reports.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Enrichment, Logger, Progress } from "../words/types.ts";
import { announcementsOf } from "./announcements.ts";
import { collectChanges } from "./collect-changes.ts";
import { jobSentences, ledgerOf, textsOut } from "./earlier-jobs.ts";
import { failureSentences, waitingSentences } from "./failure-messages.ts";
import {
  contextModel,
  fillSentences,
  inputSpaceOf,
  sentencesStage,
  withoutSentences,
  type Enriched,
} from "./fill-sentences.ts";
import { fillVectors, vectorsStage } from "./fill-vectors.ts";
import { findNeeded } from "./find-needed.ts";
import { recordLatencies } from "./latency-record.ts";
import { collectMessages } from "./messages.ts";
import { publishChanges } from "./publish-changes.ts";
import { summarise, type Summary } from "./report.ts";
import type { Run } from "./run.ts";
import { collectEarlier } from "./stage.ts";

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
  const { config, clock = systemClock, onProgress = () => undefined } = options;
  const { client = createClient(config), generator = createGenerator(config) } = options;
  const started = clock.now();
  const messages = collectMessages(options.logger);
  // Before the store is touched: a wrong path in the configuration leaves no trace.
  await requireFolder(config.content.root);
  const { space } = client;
  client.requireReady?.();
  if (config.generation.enrich !== "off") generator.requireReady();
  const target = { target: config.store, space, clock, signal: options.signal };
  return withWriter(target, async (store) => {
    await using spool = await ChunkSpool.create();
    const { signal } = store;
    const run = { config, store, spool, clock, messages, onProgress, signal };
    const tallies = new RunTallies();
    try {
      const summary = await bringUpToDate(run, options, { client, generator, tallies });
      const { warnings, failures } = messages;
      const durationMs = clock.now() - started;
      return { ...summary, ...tallies.sums, durationMs, warnings, failures };
    } finally {
      // An interrupted run has cost something, too.
      await keepLastRun(run, tallies.sums);
    }
  });
}

/** What a run has taken so far. */
class RunTallies {
  readonly #all = new MetricsTally();
  readonly #writing = new MetricsTally();
  #sentences = 0;
  #isWriting = false;

  /** Whether sentences of context are part of the run. */
  expectSentences(): void {
    this.#isWriting = true;
  }

  readonly onVectorEvent = this.#all.add;

  readonly onSentenceEvent: MetricsTally["add"] = (event) => {
    this.#all.add(event);
    this.#writing.add(event);
  };

  readonly onSentences = (sentences: readonly string[]): void => {
    this.#sentences += sentences.filter((sentence) => sentence !== "").length;
  };

  get sums(): Pick<LastRun, "metrics" | "enrichment"> {
    return { metrics: this.#all.metrics, enrichment: this.#enrichment };
  }

  get #enrichment(): Enrichment | null {
    if (!this.#isWriting) return null;
    const { costAboveAlwaysBatchUsd, secondsSavedAgainstAlwaysBatch } = this.#writing.metrics;
    return {
      sentences: this.#sentences,
      ...this.#writing.usage,
      costAboveAlwaysBatchUsd,
      secondsSavedAgainstAlwaysBatch,
    };
  }
}

/** Keeps what a run has taken, if it has sent something. */
async function keepLastRun(
  { clock, config, store }: Run,
  sums: Omit<LastRun, "at">,
): Promise<void> {
  if (sums.metrics.texts + sums.metrics.tokens + sums.metrics.individualCalls === 0) return;
  const at = new Date(clock.now()).toISOString();
  await store.meta.setLastRun(config.store.index, { at, ...sums });
}

interface Parts {
  readonly client: EmbeddingClient;
  readonly generator: GenerationClient;
  readonly tallies: RunTallies;
}

/** Read, chunk, compare, enrich, plan, embed, publish. */
async function bringUpToDate(run: Run, options: IndexOptions, parts: Parts): Promise<Summary> {
  const { clock, config, messages, spool, store } = run;
  const { client, generator, tallies } = parts;
  const { space } = client;
  const latencies = await recordLatencies(store.meta, client, config.batching, clock);
  const { observe, profile } = latencies;
  const vectors = vectorsStage(client, store);
  const ledger = ledgerOf(store.jobs, space, config.store.index);
  const once = { ledger, signal: run.signal, observe, deadlineMs: 0 };
  const earlier = await collectEarlier(vectors, { ...once, onEvent: tallies.onVectorEvent });
  jobSentences(earlier).forEach(messages.tell);
  const model = contextModel(config, generator);
  const { only, onlyFrom } = options;
  const inputSpace = inputSpaceOf(model, space);
  const changes = await collectChanges(run, { space, inputSpace, only, onlyFrom });
  const { changed } = changes;
  const needed = await findNeeded(changed, store.cache, textsOut(earlier));
  const deadlineAt = clock.now() + deadlineMsOf(options);
  const isWaiting = deadlineAt > clock.now() && isSlow(profile);
  const shared = { changed, needed, deadlineAt };
  const enriched = await enrich(run, parts, { ...shared, model, profile, isWaiting });
  await using _kept = { [Symbol.asyncDispose]: () => latencies.keep(store.meta) };
  const onEvent = tallies.onVectorEvent;
  const announcements = announcementsOf({ client, messages, isWaiting, onEvent });
  const work = { ...shared, enriched, profile, ledger, announcements, observe };
  const filled = await fillVectors(run, vectors, work);
  waitingSentences([...enriched.waiting, ...filled.waiting]).forEach(messages.warn);
  const failed = new Map([...enriched.failed, ...filled.failed]);
  const { pending } = await publishChanges(run, changes, { contextModel: model });
  (await failureSentences(changed, failed, spool)).forEach(messages.fail);
  const { plan, usage } = filled;
  return summarise({ changes, plan, usage, pending, failed });
}

interface EnrichWork {
  readonly changed: Parameters<typeof findNeeded>[0];
  readonly needed: Awaited<ReturnType<typeof findNeeded>>;
  readonly deadlineAt: number;
  readonly model: string | null;
  readonly profile: ProviderProfile;
  readonly isWaiting: boolean;
}

/**
 * Gives texts their sentences of context. Where no sentences are wanted, jobs of earlier runs are
 * collected all the same: they are paid for.
 */
async function enrich(
  run: Run,
  { generator, tallies }: Parts,
  { model, profile: embedder, isWaiting, ...work }: EnrichWork,
): Promise<Enriched> {
  const { config, messages, store, signal } = run;
  const onEvent = tallies.onSentenceEvent;
  const stage = sentencesStage(generator, store, tallies.onSentences);
  const ledger = ledgerOf(store.jobs, generator.space, config.store.index);
  if (model !== null) tallies.expectSentences();
  const earlier = await collectEarlier(stage, { ledger, signal, deadlineMs: 0, onEvent });
  if (earlier.collected.length > 0) tallies.expectSentences();
  jobSentences(earlier).forEach(messages.tell);
  if (model === null) return withoutSentences(work.needed);
  const announcements = announcementsOf({ client: generator, messages, isWaiting, onEvent });
  const out = textsOut(earlier);
  return fillSentences(run, stage, { ...work, model, out, embedder, ledger, announcements });
}

/** Whether a job takes so long that somebody asks what is being waited for. */
const isSlow = ({ batch }: ProviderProfile): boolean => (batch?.secondsPerJob ?? 0) > 1;

/** Longest wait for batch jobs, whatever they are for. */
const deadlineMsOf = ({ config, deadlineMinutes }: IndexOptions): number =>
  (config.batching.deadlineMinutes ?? deadlineMinutes ?? 10) * MINUTE_MS;

const MINUTE_MS = 60_000;
