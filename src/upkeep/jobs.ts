import type { ResolvedConfig } from "../config/schema.ts";
import { createClient, generatorOf } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { JobOut } from "../sending/client.ts";
import { SiteragError } from "../words/errors.ts";
import { isOfSentences } from "../words/job-kind.ts";
import type { GenerationClient } from "../generation/client.ts";
import { ledgerOf } from "../indexing/earlier-jobs.ts";
import { sentencesStage } from "../indexing/fill-sentences.ts";
import { vectorsStage } from "../indexing/fill-vectors.ts";
import { forgetDelivered } from "../indexing/forget-sentences.ts";
import { announcementsOf } from "../indexing/messages.ts";
import { SentenceNote } from "../indexing/sentence-note.ts";
import { collectEarlier } from "../indexing/stage.ts";
import { waitLines } from "../sending/wait-lines.ts";
import { withView, withWriter } from "../store/open-store.ts";
import { systemClock } from "../words/system-clock.ts";
import type { JobRecord } from "../words/plans.ts";
import type { Clock, Logger } from "../words/types.ts";
import { waitTeller } from "../words/wait-teller.ts";

export interface JobsOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient & { readonly generator?: GenerationClient };
  /** Writes sentences of context. Default: the client's, else the one that the configuration names. */
  readonly generator?: GenerationClient;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Is told what the work waits for, and warned of a damaged store. */
  readonly logger?: Logger;
}

/** The batch jobs of the store that were not collected yet, the oldest first. Makes no request. */
export async function listJobs(options: JobsOptions): Promise<readonly JobRecord[]> {
  const { config, clock = systemClock, client = createClient(config) } = options;
  const target = { target: config.store, space: client.space, clock };
  return withView(target, ({ jobs }) => jobs.all());
}

/** What happened to the jobs of the store. */
export interface CollectReport {
  /** Names of the jobs whose results are in the store now. */
  readonly collected: readonly string[];
  readonly out: readonly JobOut[];
  /** One sentence for each job that ended without results. The next index run sends its texts again. */
  readonly lost: readonly string[];
}

/**
 * Stores the results of all jobs that have ended in the cache; waits for no job. The next index run
 * puts them into the index. Throws KEY_MISSING and STORE_LOCKED.
 */
export async function collectJobs(options: JobsOptions): Promise<CollectReport> {
  const { config, logger, signal, clock = systemClock, client = createClient(config) } = options;
  const { generator = generatorOf(config, client) } = options;
  client.requireReady?.();
  const tell = waitTeller(logger);
  const target = { target: config.store, space: client.space, clock, signal, logger };
  return withWriter(target, async (store) => {
    const { jobs, signal: writing } = store;
    const boundsOf = ({ space }: Pick<EmbeddingClient, "space">) => ({
      ledger: ledgerOf(jobs, space, config.store.index),
      signal: writing,
      deadlineMs: 0,
      onEvent: waitLines(tell, clock),
    });
    const before = await jobs.all();
    const note = await SentenceNote.open(store, config.store.index, clock);
    const models = before.filter(isOfSentences).map(({ space }) => space.model);
    if (models.length > 0) await note.write(models);
    const found = [
      await collectEarlier(vectorsStage(client, store), boundsOf(client)),
      await collectEarlier(sentencesStage(generator, store), boundsOf(generator)),
    ];
    await forgetDelivered(store, before);
    await note.remove(false);
    const out = found.flatMap((one) => one.out);
    const seen = new Set(out.map(({ record }) => record.displayName));
    const others = (await jobs.all()).filter(({ displayName }) => !seen.has(displayName));
    return {
      collected: found.flatMap(({ collected }) => collected),
      lost: found.flatMap(({ lost }) => lost),
      out: [...out, ...others.map(ofOtherProvider)],
    };
  });
}

const ofOtherProvider = (record: JobRecord): JobOut => ({
  record,
  reason: `Ordered from ${record.space.provider}. To collect it, use a configuration with this provider.`,
});

/** How a cancelled job ended: with results, without, or not yet; `forgotten` if no request was made. */
export type Cancellation = "collected" | "nothing" | "still out" | "forgotten";

export interface CancelReport {
  readonly outcome: Cancellation;
  /** Why it has not ended, as sentences. */
  readonly reason: string | null;
  /** Why no request can be made. */
  readonly error: SiteragError | null;
}

export interface CancelOptions extends JobsOptions {
  /** Name or display name of the job. */
  readonly name: string;
  /** Makes no request: the job goes on, and its texts are paid for again. Default false. */
  readonly forget?: boolean;
}

/**
 * Cancels a job, stores the results it already had, and removes it from the store. A job that has not
 * ended within two minutes stays. Throws USAGE when the store has no such job, or when the job belongs
 * to another provider.
 */
export async function cancelJob(options: CancelOptions): Promise<CancelReport> {
  const { config, name, forget = false, logger, signal, clock = systemClock } = options;
  const { client = createClient(config) } = options;
  const { generator = generatorOf(config, client) } = options;
  if (!forget) client.requireReady?.();
  const tell = waitTeller(logger);
  const target = { target: config.store, space: client.space, clock, signal, logger };
  return withWriter(target, async (store) => {
    const { jobs, signal: writing } = store;
    if (forget && (await jobs.removeUnreadable(name))) return FORGOTTEN;
    const job = (await jobs.all()).find((one) => one.name === name || one.displayName === name);
    if (job === undefined) throw unknownJob(name);
    if (forget) {
      await jobs.forget(job);
      return FORGOTTEN;
    }
    const { space } = isOfSentences(job) ? generator : client;
    if (job.space.provider !== space.provider) throw otherProvider(job);
    const ledger = { ...ledgerOf(jobs, space, config.store.index), open: async () => [job] };
    const onEvent = waitLines(tell, clock);
    const told = announcementsOf({
      client,
      clock,
      messages: { tell, wait: tell },
      isWaiting: true,
      onEvent,
    });
    const note = await SentenceNote.open(store, config.store.index, clock);
    if (isOfSentences(job)) await note.write([job.space.model]);
    const bounds = { ...CANCELLING, ledger, signal: writing, onEvent: told.onEvent };
    const { collected, out } = isOfSentences(job)
      ? await collectEarlier(sentencesStage(generator, store), bounds)
      : await collectEarlier(vectorsStage(client, store), bounds);
    await forgetDelivered(store, [job]);
    await note.remove(false);
    const [left] = out;
    if (left !== undefined) {
      return { outcome: "still out", reason: left.reason, error: left.error ?? null };
    }
    return { outcome: collected.length > 0 ? "collected" : "nothing", reason: null, error: null };
  });
}

const FORGOTTEN: CancelReport = { outcome: "forgotten", reason: null, error: null };

/** Looks at a job once, and cancels it if it has not ended. */
const CANCELLING = { deadlineMs: 0, onDeadline: () => "individual" as const };

const unknownJob = (name: string): SiteragError =>
  new SiteragError(
    "USAGE",
    `The store has no batch job “${name}”. Run \`siterag jobs list\` to see its jobs.`,
  );

const otherProvider = ({ displayName, space }: JobRecord): SiteragError =>
  new SiteragError(
    "USAGE",
    `The batch job ${displayName} belongs to the provider ${space.provider}, which is not the configured one. Configure that provider, or drop the job with \`siterag jobs cancel ${displayName} --forget\`.`,
  );
