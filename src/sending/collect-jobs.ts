import type { SiteragError } from "../words/errors.ts";
import type { ObserveLatency } from "../planning/latencies.ts";
import type { JobRecord, OnDeadline, PlanItem, SettledItem } from "../words/plans.ts";
import type { Fingerprint } from "../words/types.ts";
import { CallFailure } from "./call-failure.ts";
import type { EngineParts } from "./engine-options.ts";
import { collectedEvent, type Listener } from "./events.ts";
import type { JobLedger } from "./job-ledger.ts";
import { runPool } from "./pool.ts";
import type { JobService, RetryBounds } from "./provider.ts";
import { followJob, PATIENCE_MS, type JobOutcome } from "./run-job.ts";
import { settleRows } from "./settle-rows.ts";
import { adopt, LEASE_MS, type NamedJob } from "./submit-job.ts";
import { UsageTally } from "./usage-tally.ts";

/** Is told of the state of a job, as the service calls it, without a prefix. */
export type OnJobState = (name: string, state: string) => void;

/** Which jobs of earlier runs are looked after, and for how long. */
export interface CollectionBounds {
  readonly ledger: JobLedger;
  /** Longest wait for jobs that go on, in milliseconds; 0 is one look. */
  readonly deadlineMs: number;
  /** What becomes of a job that has not ended then: it goes on (default), or is cancelled. */
  readonly onDeadline?: ((record: JobRecord) => Exclude<OnDeadline, "fail">) | undefined;
  /** Is told of the events of this collection alone, beside the listeners of the client. */
  readonly onEvent?: Listener | undefined;
  /** Is told how long jobs took. */
  readonly observe?: ObserveLatency | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What looking after the jobs of earlier runs takes. */
export interface JobCollection<Output> extends CollectionBounds {
  /**
   * Takes the answers of a job that has ended; awaited before the job counts as collected. A row that
   * failed is left out, so that its text is planned anew.
   */
  readonly settle: (settled: readonly SettledItem<Output>[], record: JobRecord) => Promise<void>;
}

/** A job that goes on. */
export interface JobOut {
  readonly record: JobRecord;
  /** Sentences. */
  readonly reason: string;
  /** What keeps it from being read. */
  readonly error?: SiteragError;
}

/** How the jobs of earlier runs stand. */
export interface CollectedJobs {
  /** Names of jobs that have ended, and whose answers are safe. */
  readonly collected: readonly string[];
  readonly out: readonly JobOut[];
  /** One sentence for each job that has ended without answers: its texts are planned anew. */
  readonly lost: readonly string[];
}

/** A job that has not ended by 48 hours is expired by the service; and some. */
const LONGEST_LIFE_MS = 50 * 3_600_000;

/** Jobs looked after at once: their rows are in memory. */
const AT_ONCE = 4;

/**
 * Looks after every job in the ledger: takes the rows of those that have ended, finds out what became
 * of those whose creation was cut short, and waits for the others until the deadline.
 */
export async function collectJobs<Input, Output>(
  collection: JobCollection<Output>,
  engine: EngineParts<Input, Output>,
): Promise<CollectedJobs> {
  const { ledger, signal } = collection;
  const { jobs } = engine.provider;
  if (jobs === null) return { collected: [], out: [], lost: [] };
  // Those of this very run are looked after where they were ordered.
  const earlier = (await ledger.open()).filter(({ owner }) => owner !== ledger.owner);
  const round = new CollectionRound(collection, engine, jobs);
  await runPool(earlier, AT_ONCE, (record) => round.look(record), signal);
  return round.jobs;
}

/** One round of looks. */
class CollectionRound<Input, Output> {
  readonly #collection: JobCollection<Output>;
  readonly #engine: EngineParts<Input, Output>;
  readonly #service: JobService<Input, Output>;
  readonly #tell: Listener;
  readonly #deadlineAt: number;
  readonly #collected: string[] = [];
  readonly #out: JobOut[] = [];
  readonly #lost: string[] = [];

  constructor(
    collection: JobCollection<Output>,
    engine: EngineParts<Input, Output>,
    service: JobService<Input, Output>,
  ) {
    this.#collection = collection;
    this.#engine = engine;
    this.#service = service;
    this.#deadlineAt = engine.clock.now() + collection.deadlineMs;
    this.#tell = (event) => {
      engine.client.events.emit(event);
      collection.onEvent?.(event);
    };
  }

  get jobs(): CollectedJobs {
    return { collected: this.#collected, out: this.#out, lost: this.#lost };
  }

  /** Looks at one job. What keeps it from being looked at is told, and is no failure of the run. */
  look(known: JobRecord): Promise<void> {
    return this.#look(known).catch((cause: unknown) => {
      if (!(cause instanceof CallFailure) && this.#collection.signal?.aborted !== true) throw cause;
      const reason = "In a batch job that could not be looked at";
      this.#out.push(
        cause instanceof CallFailure
          ? { record: known, reason: `${reason}: ${cause.error.message}`, error: cause.error }
          : { record: known, reason: `${reason}.` },
      );
    });
  }

  async #look(known: JobRecord): Promise<void> {
    const { ledger, observe, signal, onDeadline = () => "defer" as const } = this.#collection;
    const { clock, pollMs } = this.#engine;
    const record = await this.#named(known);
    if (record === null) return;
    const outcome = await followJob(record, {
      service: this.#service,
      ledger,
      clock,
      pollMs,
      deadlineAt: this.#deadlineAt,
      signal,
      observe,
      onDeadline: onDeadline(record),
      onState: (name, state) => this.#tell({ type: "job_state", name, state }),
    });
    await this.#settle(record, outcome);
  }

  async #settle(record: NamedJob, outcome: JobOutcome<Output>): Promise<void> {
    const { ledger } = this.#collection;
    if (outcome.kind === "rows") {
      await this.#take(record, outcome);
      await outcome.close();
      if (outcome.rows.length > 0) this.#collected.push(record.name);
      else this.#lost.push(`The batch job ${record.name} has served nothing.`);
    } else if (outcome.kind === "pending" && ("isUnseen" in outcome || this.#isRecent(record))) {
      const { reason, error } = outcome;
      this.#out.push({ record, reason, ...(error === undefined ? {} : { error }) });
    } else {
      await ledger.close(record.displayName);
      this.#lost.push("reason" in outcome ? outcome.reason : outcome.error.message);
    }
  }

  /** Hands the answers over, and tells what they cost where that is known only now. */
  async #take(
    record: NamedJob,
    { rows, isCancelled = false }: Extract<JobOutcome<Output>, { readonly kind: "rows" }>,
  ): Promise<void> {
    const { checkOf, client, provider } = this.#engine;
    const items = record.fingerprints.map(asItem);
    const check = checkOf?.(record) ?? provider.check;
    const settled = settleRows(items, rows, check, isCancelled);
    if (this.#service.countedWhen === "read") {
      const share = Math.round(record.tokens / items.length);
      const tally = new UsageTally();
      for (const { isFree, tokens } of settled) {
        if (tokens === null && isFree) continue;
        const charged = { input: tokens?.input ?? share, output: tokens?.output ?? 0 };
        tally.addTokens(charged, "batch");
      }
      const usage = tally.total(client.profile);
      this.#tell(collectedEvent(record.name, settled.length, usage));
    }
    const served = settled.filter(({ isServed }) => isServed);
    await this.#collection.settle(
      served.map(({ item, result }) => ({ item, result })),
      record,
    );
  }

  #isRecent({ createdAt }: JobRecord): boolean {
    return this.#engine.clock.now() - Date.parse(createdAt) < LONGEST_LIFE_MS;
  }

  /** A run died while it created the job: there may be one. If not, the texts are planned anew. */
  async #named(record: JobRecord): Promise<NamedJob | null> {
    const { ledger, signal } = this.#collection;
    const { clock } = this.#engine;
    const until = Math.max(this.#deadlineAt, clock.now() + PATIENCE_MS);
    const patience: RetryBounds = { signal, until };
    if (record.name !== null) return { ...record, name: record.name };
    // Another machine's clock may be ahead.
    const leftMs = Math.min(record.leaseUntil - clock.now(), LEASE_MS);
    if (leftMs > 0) await clock.sleep(leftMs, signal);
    const name = await adopt(record, this.#service, patience);
    if (name === null) {
      await ledger.close(record.displayName);
      return null;
    }
    const found = { ...record, name };
    await ledger.update(found);
    return found;
  }
}

const asItem = (fingerprint: Fingerprint): PlanItem => ({
  fingerprint,
  tokens: 0,
  bytes: 0,
  page: "",
});
