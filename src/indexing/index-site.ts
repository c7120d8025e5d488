import { requireFolder } from "../content/discover.ts";
import { pageFiles } from "../content/page-files.ts";
import { createClient, generatorOf } from "../providers/create-client.ts";
import { tellingSpeed } from "../sending/throughput.ts";
import { waitLines } from "../sending/wait-lines.ts";
import { ChunkSpool } from "../store/chunk-spool.ts";
import { withWriter } from "../store/open-store.ts";
import type { IndexReport, LastRun } from "../words/reports.ts";
import { systemClock } from "../words/system-clock.ts";
import { embedChanges, type Parts } from "./embed-changes.ts";
import { failureSentences } from "./failure-messages.ts";
import { forgetDelivered } from "./forget-sentences.ts";
import { recordLatencies } from "./latency-record.ts";
import { collectMessages } from "./messages.ts";
import type { PlanSiteOptions } from "./plan-site.ts";
import { publishChanges } from "./publish-changes.ts";
import { countChanges } from "./report.ts";
import type { Run } from "./run.ts";
import { RunTallies } from "./run-tallies.ts";
import { reasonToSendNothing } from "./send-nothing.ts";

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

/** Stores the sums of a run that sent something. */
async function keepLastRun(
  { clock, config, store }: Run,
  sums: Omit<LastRun, "at">,
): Promise<void> {
  if (sums.metrics.texts + sums.metrics.tokens + sums.metrics.individualCalls === 0) return;
  const at = new Date(clock.now()).toISOString();
  await store.meta.setLastRun(config.store.index, { at, ...sums });
}

async function bringUpToDate(run: Run, options: IndexOptions, parts: Omit<Parts, "latencies">) {
  const { clock, config, messages, spool, store } = run;
  const latencies = await recordLatencies(store.meta, parts.client, config.batching, clock);
  await using _kept = { [Symbol.asyncDispose]: () => latencies.keep(store.meta) };
  const done = await embedChanges(run, options, { ...parts, latencies });
  const { changes, earlierJobs, failed, model, note } = done;
  // Before publishing, which empties the list of changed chunks.
  const counts = countChanges(changes);
  const failedChunks = changes.changed.filter(({ fingerprint }) => failed.has(fingerprint)).length;
  const failures = failureSentences(changes.changed, failed, spool);
  const pending = await publishChanges(run, changes, model);
  if (changes.isWhole) await forgetDelivered(store, earlierJobs, config.store.index);
  await note.remove(changes.isWhole);
  failures.forEach(messages.fail);
  const chunks = { ...counts, pending, failed: failedChunks };
  const { inputTokens: _read, outputTokens: _written, ...usage } = done.usage;
  return { pages: changes.pages, chunks, plan: done.plan, usage };
}
