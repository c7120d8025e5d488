import { requireFolder } from "../content/discover.ts";
import { pageFiles } from "../content/page-files.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { createClient, generatorOf } from "../providers/create-client.ts";
import type { Listener } from "../sending/events.ts";
import { MetricsTally } from "../sending/metrics-tally.ts";
import { tellingSpeed } from "../sending/throughput.ts";
import { ChunkSpool } from "../store/chunk-spool.ts";
import { withWriter } from "../store/open-store.ts";
import type { IndexReport, LastRun } from "../words/reports.ts";
import { systemClock } from "../words/system-clock.ts";
import { hasVectors, isSameSpace, namesOfSpaces } from "../words/embedding-space.ts";
import { isOfSentences } from "../words/job-kind.ts";
import type { Enrichment } from "../words/plans.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import { collectChanges } from "./collect-changes.ts";
import { jobSentences, ledgerOf, textsOut } from "./earlier-jobs.ts";
import { failureSentences, waitingSentences } from "./failure-messages.ts";
import {
  contextModel,
  fillSentences,
  sentencesStage,
  withoutSentences,
  type Enriched,
  type SentenceWork,
} from "./fill-sentences.ts";
import { fillVectors, vectorsStage } from "./fill-vectors.ts";
import { forgetDelivered } from "./forget-sentences.ts";
import { findNeeded } from "./find-needed.ts";
import { recordLatencies } from "./latency-record.ts";
import { announcementsOf, collectMessages } from "./messages.ts";
import { otherVersionSentences } from "./other-version.ts";
import type { PlanSiteOptions } from "./plan-site.ts";
import { publishChanges } from "./publish-changes.ts";
import { summarise } from "./report.ts";
import type { Run } from "./run.ts";
import { SentenceNote } from "./sentence-note.ts";
import { reasonToSendNothing, sendingNothing, waitingFor } from "./send-nothing.ts";
import { collectEarlier } from "./stage.ts";
import { waitLines } from "../sending/wait-lines.ts";

export interface IndexOptions extends PlanSiteOptions {
  /** Longest wait for batch jobs if the configuration sets none. Default 10: enough for most small jobs. */
  readonly deadlineMinutes?: number;
  /**
   * Without a key, the run indexes words, keeps the vectors that it has, and leaves other texts to a later
   * run, with a warning. Default false: it throws KEY_MISSING.
   */
  readonly isKeyOptional?: boolean;
  /** Whether a text that waits because of an error, not of its job or the budget, counts as failed. */
  readonly failsWaiting?: boolean;
}

/**
 * Updates the index: reads, chunks, compares, plans, embeds, publishes. An unchanged text costs nothing,
 * and no text is embedded twice. The report names texts and pages that fail; they do not throw.
 */
export async function indexSite(options: IndexOptions): Promise<IndexReport> {
  const { config, clock = systemClock, failsWaiting, onProgress = () => undefined } = options;
  const { client = createClient(config) } = options;
  const { generator = generatorOf(config, client) } = options;
  const started = clock.now();
  const messages = collectMessages(options.logger);
  // First, so that a wrong path in the configuration leaves no store behind.
  await requireFolder(pageFiles(config.content));
  const { space } = client;
  const whyNothingIsSent = reasonToSendNothing(
    config,
    client,
    generator,
    options.isKeyOptional === true,
  );
  const target = {
    target: config.store,
    space,
    clock,
    signal: options.signal,
    logger: { info: messages.tell, warn: messages.warn, wait: messages.wait },
  };
  return withWriter(target, async (store) => {
    await using spool = await ChunkSpool.create();
    const { signal } = store;
    const run = { config, store, spool, clock, messages, onProgress, failsWaiting, signal };
    const tallies = new RunTallies(waitLines(messages.wait, clock));
    try {
      const parts = { client, generator, whyNothingIsSent, tallies };
      const summary = await tellingSpeed(client, messages.tell, () =>
        bringUpToDate(run, options, parts),
      );
      const { warnings, failures } = messages;
      const durationMs = clock.now() - started;
      return { ...summary, ...tallies.sums, durationMs, warnings, failures };
    } finally {
      // Even if interrupted: the run may have cost something.
      await keepLastRun(run, tallies.sums);
    }
  });
}

/** What a run has sent and paid so far. Passes the events on. */
class RunTallies {
  readonly #onEvent: Listener;
  readonly #all = new MetricsTally();
  readonly #writing = new MetricsTally();
  #sentences = 0;
  #isWriting = false;

  constructor(onEvent: Listener) {
    this.#onEvent = onEvent;
  }

  expectSentences(): void {
    this.#isWriting = true;
  }

  readonly onVectorEvent: Listener = (event) => {
    this.#all.add(event);
    this.#onEvent(event);
  };

  readonly onSentenceEvent: Listener = (event) => {
    this.onVectorEvent(event);
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
    const { extraCostVsBatchUsd, secondsSavedAgainstAlwaysBatch } = this.#writing.metrics;
    return {
      sentences: this.#sentences,
      ...this.#writing.usage,
      extraCostVsBatchUsd,
      secondsSavedAgainstAlwaysBatch,
    };
  }
}

/** Stores the sums of a run that sent something. */
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
  /** Why the run sends nothing; null: it does. */
  readonly whyNothingIsSent: string | null;
  readonly tallies: RunTallies;
}

async function bringUpToDate(run: Run, options: IndexOptions, parts: Parts) {
  const { clock, config, messages, signal, spool, store } = run;
  const { client, generator, whyNothingIsSent, tallies } = parts;
  const { space } = client;
  const { only, onlyFrom } = options;
  const latencies = await recordLatencies(store.meta, client, config.batching, clock);
  const { observe, profile } = latencies;
  const note = await SentenceNote.open(store, config.store.index, clock);
  const vectors = vectorsStage(whyNothingIsSent === null ? client : sendingNothing(client), store);
  const ledger = ledgerOf(store.jobs, space, config.store.index);
  const earlierJobs = await store.jobs.all();
  const onEvent = tallies.onVectorEvent;
  const toCollect = { ledger, signal, observe, onEvent, deadlineMs: 0 };
  const earlier = await collectEarlier(vectors, toCollect);
  jobSentences(earlier).forEach(messages.tell);
  const model = contextModel(config, generator);
  const changes = await collectChanges(run, { space, model, only, onlyFrom });
  const { changed } = changes;
  tellOtherSpace((await store.chunks.published())?.space ?? space, space, messages.tell);
  const wanting = hasVectors(space) ? changed : [];
  const needed = await findNeeded(wanting, store.cache, textsOut(earlier));
  otherVersionSentences(changed, needed.items, config.batching, profile).forEach(messages.warn);
  if (whyNothingIsSent === null) await store.tryWrite(needed.items.length);
  const deadlineMs = (config.batching.deadlineMinutes ?? options.deadlineMinutes ?? 10) * MINUTE_MS;
  const deadlineAt = clock.now() + deadlineMs;
  // The log names the jobs that a run waits for, unless they end at once.
  const isWaiting = deadlineMs > 0 && (profile.batch?.secondsPerJob ?? 0) > 1;
  const shared = { changed, needed, deadlineAt };
  const toEnrich = { ...shared, note, model, embedder: profile, isWaiting };
  const enriched = await enrich(run, parts, toEnrich);
  await using _kept = { [Symbol.asyncDispose]: () => latencies.keep(store.meta) };
  const announcements = announcementsOf({ client, clock, messages, isWaiting, onEvent });
  const work = { ...shared, enriched, profile, whyNothingIsSent, ledger, announcements, observe };
  const { plan, usage, ...filled } = await fillVectors(run, vectors, work);
  waitingSentences([...enriched.waiting, ...filled.waiting]).forEach(messages.warn);
  const failed = new Map([...enriched.failed, ...filled.failed]);
  const pending = await publishChanges(run, changes, model);
  if (changes.isWhole) await forgetDelivered(store, earlierJobs, config.store.index);
  await note.remove(changes.isWhole);
  failureSentences(changed, failed, spool).forEach(messages.fail);
  return summarise({ changes, plan, usage, pending, failed });
}

/** Says what a change of provider or model means, just before the plan says what it costs. */
function tellOtherSpace(
  published: EmbeddingSpace,
  own: EmbeddingSpace,
  tell: (line: string) => void,
): void {
  if (isSameSpace(published, own) || !hasVectors(own)) return;
  const [before, now] = namesOfSpaces(published, own);
  tell(
    `The index was built with ${before}; this run uses ${now}. It embeds each text that has no such vector yet, and the store keeps the old vectors.`,
  );
}

interface EnrichWork extends Pick<SentenceWork, "changed" | "needed" | "deadlineAt" | "embedder"> {
  readonly note: SentenceNote;
  readonly model: string | null;
  readonly isWaiting: boolean;
}

/** Gives texts their sentences of context. Always collects earlier jobs, because they are paid for. */
async function enrich(
  run: Run,
  { generator, whyNothingIsSent, tallies }: Parts,
  { model, isWaiting, note, ...work }: EnrichWork,
): Promise<Enriched> {
  if (whyNothingIsSent !== null) return waitingFor(whyNothingIsSent, work.needed);
  const { clock, config, messages, store, signal } = run;
  const onEvent = tallies.onSentenceEvent;
  const stage = sentencesStage(generator, store, tallies.onSentences);
  const ledger = ledgerOf(store.jobs, generator.space, config.store.index);
  const models = (await ledger.open()).filter(isOfSentences).map(({ space }) => space.model);
  if (model !== null && work.needed.items.length > 0) models.push(model);
  if (models.length > 0) await note.write(models);
  const earlier = await collectEarlier(stage, { ledger, signal, deadlineMs: 0, onEvent });
  if (model !== null || earlier.collected.length > 0) tallies.expectSentences();
  jobSentences(earlier).forEach(messages.tell);
  if (model === null) return withoutSentences(work.needed);
  const announcements = announcementsOf({ client: generator, clock, messages, isWaiting, onEvent });
  const out = textsOut(earlier);
  return fillSentences(run, stage, { ...work, model, out, ledger, announcements });
}

const MINUTE_MS = 60_000;
