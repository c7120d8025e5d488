import type { ResolvedConfig } from "../config/schema.ts";
import { createClient } from "../providers/create-client.ts";
import { createGenerator } from "../providers/create-generator.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { JobOut } from "../sending/job-collection.ts";
import { SiteragError } from "../words/errors.ts";
import { GENERATION_PROVIDER, isOfSentences } from "../words/job-kind.ts";
import type { GenerationClient } from "../generation/client.ts";
import { collectInto, collectSentences, ledgerOf } from "../indexing/outstanding-jobs.ts";
import { withWriter } from "../store/open-store.ts";
import { withView } from "../store/store-view.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, JobRecord } from "../words/types.ts";

export interface JobsOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  /** Who writes sentences of context. Default: the one that the configuration names. */
  readonly generator?: GenerationClient;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** The batch jobs of the store that have not been collected, the oldest first; asks nobody. */
export async function listJobs(options: JobsOptions): Promise<readonly JobRecord[]> {
  const { config, clock = systemClock, client = createClient(config) } = options;
  const { space } = client;
  return withView({ target: config.store, space, clock }, ({ jobs }) => jobs.all());
}

/** What became of the jobs of the store. */
export interface CollectReport {
  /** Names of jobs whose vectors are in the store now. */
  readonly collected: readonly string[];
  readonly out: readonly JobOut[];
  /** One sentence for each job that ended without vectors; the next index run sends its texts anew. */
  readonly lost: readonly string[];
}

/**
 * Takes the vectors of all jobs that have ended into the cache; waits for none. The index gets them
 * by the next index run. Throws KEY_MISSING and STORE_LOCKED.
 */
export async function collectJobs(options: JobsOptions): Promise<CollectReport> {
  const { config, signal, clock = systemClock, client = createClient(config) } = options;
  const { generator = createGenerator(config) } = options;
  client.requireReady?.();
  const { space } = client;
  const target = { target: config.store, space, clock, signal };
  return withWriter(target, async ({ cacheOf, contexts, jobs }) => {
    const { index } = config.store;
    const bounds = { signal, deadlineMs: 0 };
    const texts = await collectInto(cacheOf, client, {
      ...bounds,
      ledger: ledgerOf(jobs, space, index),
    });
    const sentences = await collectSentences(contexts, generator, {
      ...bounds,
      ledger: ledgerOf(jobs, OF_SENTENCES, index),
      onUsage: () => undefined,
    });
    const out = [...texts.out, ...sentences.out];
    const looked = new Set(out.map(({ record }) => record.displayName));
    const others = (await jobs.all()).filter(({ displayName }) => !looked.has(displayName));
    return {
      collected: [...texts.collected, ...sentences.collected],
      lost: [...texts.lost, ...sentences.lost],
      out: [...texts.out, ...sentences.out, ...others.map(ofOtherProvider)],
    };
  });
}

const OF_SENTENCES = { provider: GENERATION_PROVIDER };

const ofOtherProvider = (record: JobRecord): JobOut => ({
  record,
  reason: `Ordered from ${record.space.provider}: only a configuration that names it can collect it.`,
});

/** How a cancelled job ended: with vectors, with none, or not yet; or nobody was asked. */
export type Cancellation = "collected" | "nothing" | "still out" | "forgotten";

export interface CancelReport {
  readonly outcome: Cancellation;
  /** Why it is still out, as sentences. */
  readonly reason: string | null;
  /** What keeps it from being asked. */
  readonly error: SiteragError | null;
}

export interface CancelOptions extends JobsOptions {
  /** Name or display name of the job. */
  readonly name: string;
  /** Asks nobody: the job goes on, and its texts are paid for again. Default false. */
  readonly forget?: boolean;
}

/**
 * Cancels a job, takes what it had served, and forgets it, unless it has not ended within two
 * minutes. Throws USAGE when the store knows no such job, or knows it of another provider.
 */
export async function cancelJob(options: CancelOptions): Promise<CancelReport> {
  const { config, name, forget = false, signal, clock = systemClock } = options;
  const { client = createClient(config), generator = createGenerator(config) } = options;
  if (!forget) client.requireReady?.();
  const { space } = client;
  const target = { target: config.store, space, clock, signal };
  return withWriter(target, async ({ cacheOf, contexts, jobs }) => {
    const job = (await jobs.all()).find((one) => one.name === name || one.displayName === name);
    if (job === undefined) throw unknownJob(name);
    if (forget) {
      await jobs.forget(job);
      return { outcome: "forgotten", reason: null, error: null };
    }
    if (!isOfSentences(job) && job.space.provider !== space.provider) throw otherProvider(job);
    const own = ledgerOf(jobs, job.space, config.store.index);
    const ledger = { ...own, open: async () => [job] };
    const bounds = { ledger, signal, deadlineMs: 0, onDeadline: () => "individual" as const };
    const { collected, out } = isOfSentences(job)
      ? await collectSentences(contexts, generator, { ...bounds, onUsage: () => undefined })
      : await collectInto(cacheOf, client, bounds);
    const [left] = out;
    if (left !== undefined) {
      return { outcome: "still out", reason: left.reason, error: left.error ?? null };
    }
    const outcome = collected.length > 0 ? "collected" : "nothing";
    return { outcome, reason: null, error: null };
  });
}

const unknownJob = (name: string): SiteragError =>
  new SiteragError(
    "USAGE",
    `The store knows no batch job “${name}”. \`siterag jobs list\` shows those it knows.`,
  );

const otherProvider = ({ displayName, space }: JobRecord): SiteragError =>
  new SiteragError(
    "USAGE",
    `The batch job ${displayName} was ordered from ${space.provider}, which the configuration does not name. Configure it, or forget the job: \`siterag jobs cancel ${displayName} --forget\`.`,
  );
