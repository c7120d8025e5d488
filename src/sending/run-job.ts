import { SiteragError } from "../words/errors.ts";
import type { ObserveLatency } from "../planning/latencies.ts";
import type { OnDeadline, PlanItem } from "../words/plans.ts";
import { awaitJob, UNSEEN, type JobWait } from "./await-job.ts";
import { CallFailure } from "./call-failure.ts";
import type { EnqueuedTokenLimit } from "./enqueued-tokens.ts";
import type { JobRow, JobService, JobStatus, RetryBounds } from "./provider.ts";
import { submitJob, type NamedJob, type NoJob, type SubmitContext } from "./submit-job.ts";

/** All that running a job takes. */
export interface JobContext<Input, Output>
  extends Omit<SubmitContext<Input>, "signal" | "until" | "service">, JobWait {
  readonly service: JobService<Input, Output>;
  readonly enqueued: EnqueuedTokenLimit;
  readonly onDeadline: OnDeadline;
  /** Whatever the deadline for jobs: nothing begins later. Milliseconds since the epoch. */
  readonly lastAt: number;
  readonly observe?: ObserveLatency | undefined;
}

/** What came of a job. */
export type JobOutcome<Output> =
  /** It served these rows; others are to go by calls. `close` comes when they are safe. */
  | {
      readonly kind: "rows";
      readonly rows: readonly JobRow<Output>[];
      readonly close: () => Promise<void>;
      /** It was cancelled: what it has no row for is not charged. */
      readonly isCancelled?: boolean;
    }
  /** It is still out, or could not be created yet; `error` is what keeps it from being read. */
  | {
      readonly kind: "pending";
      readonly job: string | null;
      readonly reason: string;
      readonly error?: SiteragError;
      /** How it stands could not be found out. */
      readonly isUnseen?: true;
    }
  /** It has ended without rows, for this reason. */
  | { readonly kind: "ended"; readonly reason: string }
  | NoJob;

/** Longest wait for a cancelled job to end; cancelling takes seconds. */
const CANCEL_WAIT_MS = 120_000;

/** Creating a job and reading its end are repeated for so long, whatever the deadline. */
export const PATIENCE_MS = 60_000;

/** Creates a job for a pack, or finds the one that there is, and waits for it until the deadline. */
export async function runJob<Input, Output>(
  items: readonly PlanItem[],
  context: JobContext<Input, Output>,
): Promise<JobOutcome<Output>> {
  const { enqueued, clock, deadlineAt, signal, tokens } = context;
  while (!enqueued.tryEnter(tokens)) {
    if (clock.now() >= deadlineAt || signal?.aborted === true) return withoutRoom(context);
    await enqueued.changed();
  }
  let isOut = false;
  try {
    const outcome = await submitAndFollow(items, context);
    isOut = outcome.kind === "pending" && outcome.job !== null;
    return outcome;
  } finally {
    enqueued.leave(isOut ? 0 : tokens);
  }
}

const NO_ROOM = "The account's queue for batch jobs is full.";

function withoutRoom({
  onDeadline,
  signal,
}: Pick<JobContext<unknown, unknown>, "onDeadline" | "signal">): JobOutcome<never> {
  const error = new SiteragError("TIMEOUT", NO_ROOM);
  if (signal?.aborted === true || onDeadline === "defer") {
    const reason = `${NO_ROOM} Run \`siterag index\` again when a job has ended.`;
    return { kind: "pending", job: null, reason };
  }
  return { kind: onDeadline === "individual" ? "refused" : "failed", error };
}

/** A job that was found and holds nothing any more is made anew, once. */
async function submitAndFollow<Input, Output>(
  items: readonly PlanItem[],
  context: JobContext<Input, Output>,
): Promise<JobOutcome<Output>> {
  const { clock, deadlineAt, lastAt, ledger } = context;
  for (let isAnew = false; ; isAnew = true) {
    let isOwn = false;
    const submitted = await submitJob(items, {
      ...context,
      signal: context.signal ?? new AbortController().signal,
      until: Math.min(lastAt, Math.max(deadlineAt, clock.now() + PATIENCE_MS)),
      onCreated: (tokens) => {
        isOwn = true;
        context.onCreated(tokens);
      },
    });
    if (submitted.kind !== "job") return submitted;
    const { record } = submitted;
    const outcome = await followJob(record, context);
    const isEmpty = outcome.kind === "rows" && outcome.rows.length === 0 && !outcome.isCancelled;
    if (isOwn || isAnew || !isEmpty) return outcome;
    await ledger.update({ ...record, name: null, skipped: [...record.skipped, record.name] });
  }
}

type FollowContext<Output> = Pick<
  JobContext<never, Output>,
  "service" | "ledger" | "onDeadline" | "observe"
> &
  JobWait & { readonly lastAt?: number };

/** Waits for a job that has a name, and says what came of it. What cannot be read is pending. */
export async function followJob<Output>(
  record: NamedJob,
  context: FollowContext<Output>,
): Promise<JobOutcome<Output>> {
  const { name } = record;
  try {
    return await follow(record, context);
  } catch (cause) {
    const pending = { kind: "pending", job: name, isUnseen: true } as const;
    if (cause instanceof CallFailure) {
      const { error } = cause;
      const advice = `If that stays so, \`siterag jobs cancel ${name} --forget\` has its texts sent anew.`;
      const reason = `In the batch job ${name}, which could not be read: ${error.message} ${advice}`;
      return { ...pending, reason, error };
    }
    if (context.signal?.aborted !== true) throw cause;
    return { ...pending, reason: `In the batch job ${name}. ${LATER}` };
  }
}

const LATER = "The next `siterag index` collects it.";

async function follow<Output>(
  record: NamedJob,
  context: FollowContext<Output>,
): Promise<JobOutcome<Output>> {
  const { service, onDeadline, clock, signal } = context;
  const { name } = record;
  const status = await awaitJob(name, service, context);
  if (status === null || status.end !== null) return settleEnd(record, status, context);
  const pending = { kind: "pending", job: name } as const;
  if (signal?.aborted === true || onDeadline === "defer") {
    if (status === UNSEEN) {
      const reason = `In the batch job ${name}, which did not answer. ${LATER}`;
      return { ...pending, reason, isUnseen: true };
    }
    return { ...pending, reason: `In the batch job ${name}, which is ${status.state}. ${LATER}` };
  }
  // Nobody is going to see its end: it takes at least as long as it has been waited for.
  const waitedMs = clock.now() - Date.parse(record.createdAt);
  context.observe?.("batch", waitedMs / 1000, record.space);
  if (onDeadline === "fail") return { kind: "failed", error: deadlinePassed(name) };
  const refusal = await service.cancel(name, patienceOf(context)).then(
    () => null,
    (cause: unknown) => {
      if (cause instanceof CallFailure) return cause.error;
      throw cause;
    },
  );
  // It may have ended just now: whether it has is what counts.
  const cancelledBy = refusal === null ? context.deadlineAt + CANCEL_WAIT_MS : 0;
  const deadlineAt = Math.max(clock.now(), cancelledBy);
  const last = await awaitJob(name, service, { ...context, deadlineAt });
  if (last !== null && last.end === null) {
    const why =
      refusal === null ? "is being cancelled." : `could not be cancelled: ${refusal.message}`;
    return { ...pending, reason: `In the batch job ${name}, which ${why} ${LATER}` };
  }
  const outcome = await settleEnd(record, last, { ...context, observe: undefined });
  // What it did not serve goes by calls, whatever it ended as.
  return outcome.kind === "ended"
    ? { kind: "rows", rows: [], close: async () => undefined, isCancelled: true }
    : outcome;
}

const patienceOf = ({
  clock,
  deadlineAt,
  signal,
  lastAt = Number.POSITIVE_INFINITY,
}: JobWait & { readonly lastAt?: number }): RetryBounds => ({
  signal,
  until: Math.min(lastAt, Math.max(deadlineAt, clock.now() + PATIENCE_MS)),
});

async function settleEnd<Output>(
  { displayName, name, space }: NamedJob,
  status: JobStatus | null,
  context: FollowContext<Output>,
): Promise<JobOutcome<Output>> {
  const { service, ledger } = context;
  const hasRows = status?.end === "SUCCEEDED" || status?.end === "CANCELLED";
  const rows = hasRows ? await service.rows(name, patienceOf(context)) : [];
  if (status?.end === "SUCCEEDED" && status.tookMs !== undefined) {
    context.observe?.("batch", status.tookMs / 1000, space);
  }
  if (status?.end === "SUCCEEDED" || rows.length > 0) {
    const close = async (): Promise<void> => {
      await ledger.close(displayName);
      if (context.signal?.aborted !== true) await service.tidy(name, patienceOf(context));
    };
    return { kind: "rows", rows, close, ...(status?.end === "CANCELLED" ? CANCELLED : {}) };
  }
  await ledger.close(displayName);
  return { kind: "ended", reason: endOf(name, status) };
}

const CANCELLED = { isCancelled: true } as const;

/** Longest piece of the service's own words in a message. */
const MAX_WORDS = 200;

function endOf(name: string, status: JobStatus | null): string {
  if (status === null) return `The service knows no batch job ${name} any more.`;
  const { message, state } = status;
  const why = message === null ? "" : ` (${message.slice(0, MAX_WORDS)})`;
  return `The batch job ${name} ended as ${state}${why}.`;
}

const deadlinePassed = (name: string): SiteragError =>
  new SiteragError("TIMEOUT", `The batch job ${name} had not ended at the deadline. ${LATER}`);
