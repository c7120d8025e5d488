import type { ResolvedConfig } from "./config/schema.ts";
import { createClient } from "./create-client.ts";
import type { EmbeddingClient } from "./embedding/client.ts";
import type { JobOut } from "./embedding/collect-jobs.ts";
import { SiteragError } from "./errors.ts";
import { collectInto, ledgerOf } from "./indexing/outstanding-jobs.ts";
import { withWriter } from "./store/open-store.ts";
import { withView } from "./store/store-view.ts";
import { systemClock } from "./system-clock.ts";
import type { Clock, KnownJob } from "./types.ts";

export interface JobsOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** The batch jobs of the store that have not been collected, the oldest first; asks nobody. */
export async function listJobs(options: JobsOptions): Promise<readonly KnownJob[]> {
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
  client.requireReady?.();
  const { space } = client;
  return withWriter({ target: config.store, space, clock, signal }, async ({ cache, jobs }) => {
    const ledger = ledgerOf(jobs, space, config.store.index);
    return collectInto(cache, client, { ledger, signal, deadlineMs: 0 });
  });
}

/** How a cancelled job ended: with vectors, with none, or not yet. */
export type Cancellation = "collected" | "nothing" | "still out";

/**
 * Cancels a job by its name or display name, takes what it had served, and forgets it, unless it has
 * not ended within two minutes. Throws USAGE when the store knows no such job of this provider and
 * model.
 */
export async function cancelJob(
  options: JobsOptions & { readonly name: string },
): Promise<{ readonly outcome: Cancellation }> {
  const { config, name, signal, clock = systemClock, client = createClient(config) } = options;
  client.requireReady?.();
  const { space } = client;
  return withWriter({ target: config.store, space, clock, signal }, async ({ cache, jobs }) => {
    const all = ledgerOf(jobs, space, config.store.index);
    const job = (await all.open()).find((one) => one.name === name || one.displayName === name);
    if (job === undefined) throw unknownJob(name);
    const ledger = { ...all, open: async () => [job] };
    const bounds = { ledger, signal, deadlineMs: 0, onDeadline: "individual" } as const;
    const { collected, out } = await collectInto(cache, client, bounds);
    if (out.length > 0) return { outcome: "still out" };
    return { outcome: collected.length > 0 ? "collected" : "nothing" };
  });
}

const unknownJob = (name: string): SiteragError =>
  new SiteragError(
    "USAGE",
    `The store knows no batch job “${name}” for this provider and model. \`siterag jobs list\` shows those it knows.`,
  );
