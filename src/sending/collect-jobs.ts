import type { JobRecord } from "../words/plans.ts";
import { CallFailure } from "./call-failure.ts";
import type { CollectedJobs, JobCollection, JobOut } from "./client.ts";
import type { EngineParts } from "./engine-options.ts";
import { collectedEvent, type Listener } from "./events.ts";
import { patienceOf } from "./job-context.ts";
import { chargedFor, inPieces, settleRows } from "./job-results.ts";
import { runPool } from "../words/pool.ts";
import type { JobService } from "./provider.ts";
import { followJob, type JobOutcome } from "./run-job.ts";
import { adopt, LEASE_MS, type NamedJob } from "./submit-job.ts";
import { Turns } from "./turns.ts";
import { UsageTally } from "./usage-tally.ts";

/** The service expires a job after 48 hours; two more are for its clock and ours. */
const LONGEST_LIFE_MS = 50 * 3_600_000;

/** Jobs looked at in parallel. */
const AT_ONCE = 4;

/** What one look at a job found. */
type Found = { readonly collected: string } | { readonly out: JobOut } | { readonly lost: string };

/** What the looks of one collection share. */
interface Round<Input, Output> {
  readonly collection: JobCollection<Output>;
  readonly engine: EngineParts<Input, Output>;
  readonly service: JobService<Input, Output>;
  readonly deadlineAt: number;
  readonly reading: Turns;
  readonly tell: Listener;
}

/**
 * Looks at every job that an earlier run left in the ledger: takes the rows of those that have ended,
 * finds those whose creation was cut short, and waits for the others until the deadline.
 */
export async function collectJobs<Input, Output>(
  collection: JobCollection<Output>,
  engine: EngineParts<Input, Output>,
): Promise<CollectedJobs> {
  const { ledger, onEvent, signal } = collection;
  const { jobs: service } = engine.provider;
  if (service === null) return { collected: [], out: [], lost: [] };
  const tell: Listener = (event) => {
    engine.client.events.emit(event);
    onEvent?.(event);
  };
  const deadlineAt = engine.clock.now() + collection.deadlineMs;
  const round = { collection, engine, service, deadlineAt, reading: new Turns(), tell };
  // This run looks after its own jobs where it orders them.
  const earlier = (await ledger.open()).filter(({ owner }) => owner !== ledger.owner);
  const found: Found[] = [];
  const look = async (record: JobRecord): Promise<void> => {
    const outcome = await lookAt(record, round).catch((cause: unknown) => {
      if (!(cause instanceof CallFailure) && signal?.aborted !== true) throw cause;
      return { out: notSeen(record, cause) };
    });
    if (outcome !== null) found.push(outcome);
  };
  await runPool(earlier, AT_ONCE, look, signal);
  return {
    collected: found.flatMap((one) => ("collected" in one ? [one.collected] : [])),
    out: found.flatMap((one) => ("out" in one ? [one.out] : [])),
    lost: found.flatMap((one) => ("lost" in one ? [one.lost] : [])),
  };
}

function notSeen(record: JobRecord, cause: unknown): JobOut {
  const advice = "Run `siterag index` again to collect it.";
  if (!(cause instanceof CallFailure)) {
    return { record, reason: `Interrupted before their batch job was checked. ${advice}` };
  }
  const { error } = cause;
  const reason = `Their batch job could not be checked: ${error.message} ${advice}`;
  return { record, reason, error };
}

/** Null: the job was never created. */
async function lookAt<Input, Output>(
  known: JobRecord,
  round: Round<Input, Output>,
): Promise<Found | null> {
  const { collection, deadlineAt, engine, reading, service, tell } = round;
  const { ledger, observe, signal, onDeadline = () => "defer" as const } = collection;
  const { clock, pollMs } = engine;
  const record = await named(known, round);
  if (record === null) return null;
  const { name } = record;
  const outcome = await followJob(record, {
    service,
    ledger,
    clock,
    pollMs,
    deadlineAt,
    reading,
    signal,
    observe,
    onDeadline: onDeadline(record),
    tell,
  });
  if (outcome.kind === "rows") {
    await takeRows(record, outcome, round).finally(() => outcome.turn.end());
    await outcome.close();
    if (outcome.rows.length > 0) return { collected: name };
    return { lost: `Batch job ${name} ended without answers.` };
  }
  const isRecent = clock.now() - Date.parse(record.createdAt) < LONGEST_LIFE_MS;
  if (outcome.kind === "pending" && ("isUnseen" in outcome || isRecent)) {
    const { reason, error } = outcome;
    return { out: { record, reason, ...(error === undefined ? {} : { error }) } };
  }
  await ledger.close(record.displayName);
  return { lost: "reason" in outcome ? outcome.reason : outcome.error.message };
}

/** Gives a job its name if the run that created it died before: null if there is no such job. */
async function named<Input, Output>(
  record: JobRecord,
  { collection, deadlineAt, engine, service, tell }: Round<Input, Output>,
): Promise<NamedJob | null> {
  const { ledger, signal } = collection;
  const { clock } = engine;
  if (record.name !== null) return { ...record, name: record.name };
  const patience = patienceOf({ clock, deadlineAt, signal, tell });
  // The clock of another machine may be ahead: never waits longer than a lease.
  const leftMs = Math.min(record.leaseUntil - clock.now(), LEASE_MS);
  if (leftMs > 0) {
    tell({ type: "waiting", what: "job_name", untilMs: clock.now() + leftMs });
    await clock.sleep(leftMs, signal);
  }
  const name = await adopt(record, service, patience);
  if (name === null) {
    await ledger.close(record.displayName);
    return null;
  }
  const found = { ...record, name };
  await ledger.update(found);
  return found;
}

/** Hands the answers over. If their cost is known only now, tells it. */
async function takeRows<Input, Output>(
  record: NamedJob,
  { rows, isCancelled = false }: Extract<JobOutcome<Output>, { readonly kind: "rows" }>,
  { collection, engine, service, tell }: Round<Input, Output>,
): Promise<void> {
  const { checkOf, client, provider } = engine;
  const { fingerprints, name, tokens } = record;
  const items = fingerprints.map((fingerprint) => ({ fingerprint, tokens: 0, bytes: 0, page: "" }));
  const check = checkOf?.(record) ?? provider.check;
  const settled = settleRows(items, rows, check, isCancelled);
  if (service.countedWhen === "read") {
    const share = Math.round(tokens / items.length);
    const tally = new UsageTally();
    for (const row of settled) {
      if (row.tokens !== null || !row.isFree)
        tally.addTokens(chargedFor(row.tokens, share), "batch");
    }
    tell(collectedEvent(name, settled.length, tally.total(client.profile)));
  }
  const served = settled.filter(({ isServed }) => isServed);
  await inPieces(served, (some) => collection.settle(some, record));
}
