import { SiteragError } from "../errors.ts";
import type { JobRecord, PlanItem } from "../types.ts";
import { awaitJob } from "./await-job.ts";
import type { JobWait } from "./await-job.ts";
import { CallFailure } from "./call-failure.ts";
import type { JobRoom } from "./job-room.ts";
import type { JobRow, JobStatus } from "./service.ts";
import { jobFailed, submitJob } from "./submit-job.ts";
import type { SubmitContext } from "./submit-job.ts";

/** What to do with a job that has not ended at the deadline. */
export type OnDeadline = "defer" | "individual" | "fail";

/** All that running a job takes. */
export interface JobContext extends Omit<SubmitContext, "signal">, JobWait {
  readonly room: JobRoom;
  readonly onDeadline: OnDeadline;
}

/** What came of a job. */
export type JobOutcome =
  /** It served these rows; others are to go by calls. `close` comes when they are safe. */
  | { readonly kind: "rows"; readonly rows: readonly JobRow[]; readonly close: () => Promise<void> }
  /** It is still out, or could not be created yet. */
  | { readonly kind: "pending"; readonly job: string | null; readonly reason: string }
  /** The service takes no job now, or never from this account. */
  | { readonly kind: "refused"; readonly error: SiteragError }
  | { readonly kind: "failed"; readonly error: Error };

/** Longest wait for a cancelled job to end; cancelling takes seconds. */
const CANCEL_WAIT_MS = 120_000;

/** Creates a job for a pack, or finds the one that there is, and waits for it until the deadline. */
export async function runJob(items: readonly PlanItem[], context: JobContext): Promise<JobOutcome> {
  const { room, clock, deadlineAt, signal, tokens } = context;
  while (!room.tryEnter(tokens)) {
    const isOver = clock.now() >= deadlineAt || signal?.aborted === true;
    if (isOver || !room.isInUse) return withoutRoom(context);
    await room.changed();
  }
  let isOut = false;
  try {
    const outcome = await submitAndFollow(items, context);
    isOut = outcome.kind === "pending" && outcome.job !== null;
    return outcome;
  } finally {
    room.leave(isOut ? 0 : tokens);
  }
}

function withoutRoom({ onDeadline, signal }: JobContext): JobOutcome {
  const error = new SiteragError("TIMEOUT", NO_ROOM);
  if (signal?.aborted === true || onDeadline === "defer") {
    return { kind: "pending", job: null, reason: NO_ROOM };
  }
  return { kind: onDeadline === "individual" ? "refused" : "failed", error };
}

const NO_ROOM =
  "The account's queue for batch jobs is full. Run `siterag index` again when a job has ended.";

const NOTHING_SERVED: JobOutcome = { kind: "rows", rows: [], close: async () => undefined };

async function submitAndFollow(
  items: readonly PlanItem[],
  context: JobContext,
): Promise<JobOutcome> {
  const signal = context.signal ?? new AbortController().signal;
  try {
    return await followJob(await submitJob(items, { ...context, signal }), context);
  } catch (cause) {
    if (cause instanceof CallFailure) return notSubmitted(cause);
    if (!signal.aborted) throw cause;
    return { kind: "pending", job: null, reason: "Interrupted before there was a batch job." };
  }
}

function notSubmitted({ error, isLost }: CallFailure): JobOutcome {
  if (isLost) return { kind: "pending", job: null, reason: `${error.message} ${UNSURE}` };
  return REFUSALS.has(error.code) ? { kind: "refused", error } : { kind: "failed", error };
}

const UNSURE =
  "Whether there is a batch job all the same is found out by the next `siterag index`.";
const REFUSALS: ReadonlySet<string> = new Set(["RATE_LIMITED", "BATCH_UNAVAILABLE"]);

type NamedJob = JobRecord & { readonly name: string };
type FollowContext = Pick<JobContext, "service" | "ledger" | "onDeadline"> & JobWait;

/** Waits for a job that has a name, and says what came of it. What cannot be read is pending. */
export async function followJob(record: NamedJob, context: FollowContext): Promise<JobOutcome> {
  try {
    return await follow(record, context);
  } catch (cause) {
    if (!(cause instanceof CallFailure) && context.signal?.aborted !== true) throw cause;
    const why =
      cause instanceof CallFailure
        ? `: ${cause.error.message} If that stays so, \`siterag jobs cancel ${record.name} --forget\` has its texts sent anew.`
        : ".";
    const reason = `In the batch job ${record.name}, which could not be read${why}`;
    return { kind: "pending", job: record.name, reason };
  }
}

async function follow(record: NamedJob, context: FollowContext): Promise<JobOutcome> {
  const { service, onDeadline, clock, signal } = context;
  const { name } = record;
  const status = await awaitJob(name, service, context);
  if (status === null || status.end !== null) return settleEnd(record, status, context);
  if (signal?.aborted === true || onDeadline === "defer") {
    const reason = `In the batch job ${name} (${status.state}).`;
    return { kind: "pending", job: name, reason };
  }
  if (onDeadline === "fail") return { kind: "failed", error: deadlinePassed(name) };
  // It may have ended just now: whether it has is what counts.
  await service.cancel(name).catch(() => undefined);
  const patience = { ...context, deadlineAt: clock.now() + CANCEL_WAIT_MS };
  const last = await awaitJob(name, service, patience);
  if (last !== null && last.end === null) {
    const reason = `In the batch job ${name}, which is being cancelled.`;
    return { kind: "pending", job: name, reason };
  }
  const outcome = await settleEnd(record, last, context);
  // What it did not serve goes by calls, whatever it ended as.
  return outcome.kind === "failed" ? NOTHING_SERVED : outcome;
}

async function settleEnd(
  { displayName, name }: NamedJob,
  status: JobStatus | null,
  { service, ledger, signal }: FollowContext,
): Promise<JobOutcome> {
  const hasRows = status?.end === "SUCCEEDED" || status?.end === "CANCELLED";
  const rows = hasRows ? await service.rows(name, signal) : [];
  if (status?.end === "SUCCEEDED" || rows.length > 0) {
    const close = async (): Promise<void> => {
      await ledger.close(displayName);
      await service.tidy(name);
    };
    return { kind: "rows", rows, close };
  }
  await ledger.close(displayName);
  const state = status === null ? "LOST" : status.state;
  return { kind: "failed", error: jobFailed(name, state, status?.message ?? null) };
}

const deadlinePassed = (name: string): SiteragError =>
  new SiteragError(
    "TIMEOUT",
    `The batch job ${name} had not ended at the deadline. The next \`siterag index\` collects it.`,
  );
