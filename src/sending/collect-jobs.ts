import type { Clock, Fingerprint, JobRecord, PlanItem } from "../words/types.ts";
import { CallFailure } from "./call-failure.ts";
import type { Polling } from "./await-job.ts";
import type {
  CollectedJobs,
  CollectionBounds,
  JobCollection,
  JobOut,
  OnJobState,
} from "./job-collection.ts";
import type { JobLedger } from "./job-ledger.ts";
import { runPool } from "./pool.ts";
import { followJob, PATIENCE_MS } from "./run-job.ts";
import type { JobRow, JobService, RetryBounds } from "./service.ts";
import { settleRows } from "../embedding/settle-rows.ts";
import { adopt, LEASE_MS } from "./submit-job.ts";
import type { NamedJob } from "./submit-job.ts";

/** `JobCollection` for jobs of any kind. */
export interface RowCollection<Row> extends CollectionBounds {
  /** Takes all rows of a job that has ended; awaited before the job counts as collected. */
  readonly take: (
    rows: readonly Row[],
    record: JobRecord,
    /** The job was cancelled: what it has no row for is not charged. */
    isCancelled: boolean,
  ) => Promise<void>;
}

export interface CollectionSettings {
  readonly clock: Clock;
  readonly polling: Polling;
  /** Tells the listeners of the client of the states of jobs. */
  readonly tellState?: OnJobState;
}

/** A job that has not ended by 48 hours is expired by the service; and some. */
const LONGEST_LIFE_MS = 50 * 3_600_000;

/** Jobs looked after at once: their rows are in memory. */
const AT_ONCE = 4;

/** Looks after jobs of texts to embed. A row that failed is left out, so that its text is planned anew. */
export function collectJobs(
  collection: JobCollection,
  service: JobService,
  settings: CollectionSettings,
): Promise<CollectedJobs> {
  const take = (rows: readonly JobRow[], record: JobRecord): Promise<void> => {
    const settled = settleRows(record.fingerprints.map(asItem), rows, record.space.dimensions);
    const served = settled.filter(({ result }) => result.status === "ok");
    return collection.settle(served, record);
  };
  return collectRows({ ...collection, take }, service, settings);
}

/**
 * Looks after every job in the ledger: takes the rows of those that have ended, finds out what became
 * of those whose creation was cut short, and waits for the others until the deadline.
 */
export async function collectRows<Row>(
  collection: RowCollection<Row>,
  service: JobService<never, Row>,
  { clock, polling, tellState }: CollectionSettings,
): Promise<CollectedJobs> {
  const { ledger, take, signal, observe } = collection;
  const { onDeadline = () => "defer" as const } = collection;
  const collected: string[] = [];
  const out: JobOut[] = [];
  const lost: string[] = [];
  const deadlineAt = clock.now() + collection.deadlineMs;
  const shared = { service, ledger, clock, polling, deadlineAt, signal };
  const onState: OnJobState = (name, state) => {
    tellState?.(name, state);
    collection.onState?.(name, state);
  };
  const context = { ...shared, onState, observe };
  const isRecent = ({ createdAt }: JobRecord): boolean =>
    clock.now() - Date.parse(createdAt) < LONGEST_LIFE_MS;
  const look = async (known: JobRecord): Promise<void> => {
    const patience = { signal, until: Math.max(deadlineAt, clock.now() + PATIENCE_MS) };
    const record = await named(known, context, patience);
    if (record === null) return;
    const outcome = await followJob(record, { ...context, onDeadline: onDeadline(record) });
    if (outcome.kind === "rows") {
      await take(outcome.rows, record, outcome.isCancelled ?? false);
      await outcome.close();
      if (outcome.rows.length > 0) collected.push(record.name);
      else lost.push(`The batch job ${record.name} has served nothing.`);
    } else if (outcome.kind === "pending" && ("isUnseen" in outcome || isRecent(record))) {
      const { reason, error } = outcome;
      out.push({ record, reason, ...(error === undefined ? {} : { error }) });
    } else {
      await ledger.close(record.displayName);
      lost.push("reason" in outcome ? outcome.reason : outcome.error.message);
    }
  };
  const lookSafely = (known: JobRecord): Promise<void> =>
    look(known).catch((cause: unknown) => {
      if (!(cause instanceof CallFailure) && signal?.aborted !== true) throw cause;
      const reason = "In a batch job that could not be looked at";
      out.push(
        cause instanceof CallFailure
          ? { record: known, reason: `${reason}: ${cause.error.message}`, error: cause.error }
          : { record: known, reason: `${reason}.` },
      );
    });
  // Those of this very run are looked after where they were ordered.
  const earlier = (await ledger.open()).filter(({ owner }) => owner !== ledger.owner);
  await runPool(earlier, AT_ONCE, lookSafely, signal);
  return { collected, out, lost };
}

/** A run died while it created the job: there may be one. If not, the texts are planned anew. */
async function named(
  record: JobRecord,
  {
    service,
    ledger,
    clock,
    signal,
  }: {
    readonly service: JobService<never, unknown>;
    readonly ledger: JobLedger;
    readonly clock: Clock;
    readonly signal?: AbortSignal | undefined;
  },
  patience: RetryBounds,
): Promise<NamedJob | null> {
  if (record.name !== null) return { ...record, name: record.name };
  // Another machine's clock may be ahead.
  const leftMs = Math.min(record.leaseUntil - clock.now(), LEASE_MS);
  if (leftMs > 0) await clock.sleep(leftMs, signal);
  const name = await adopt(record, service, patience);
  if (name === null) {
    await ledger.close(record.displayName);
    return null;
  }
  const found = { ...record, name };
  await ledger.update(found);
  return found;
}

const asItem = (fingerprint: Fingerprint): PlanItem => ({
  fingerprint,
  tokens: 0,
  bytes: 0,
  page: "",
});
