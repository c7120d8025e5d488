import { SiteragError } from "../words/errors.ts";
import type { PlanItem } from "../words/plans.ts";
import { awaitJob, UNSEEN } from "./await-job.ts";
import { CallFailure } from "./call-failure.ts";
import { jobRoomEvent } from "./events.ts";
import { patienceOf, type FollowContext, type JobContext } from "./job-context.ts";
import type { JobRow, JobStatus } from "./provider.ts";
import type { Turn } from "./turns.ts";
import { submitJob, type NamedJob, type NoJob } from "./submit-job.ts";
import { tellingLater } from "./wait-lines.ts";

/** How a job ended for this run. */
export type JobOutcome<Output> =
  /**
   * It served these rows; its other texts go by calls. `close` is called when the rows are safe. The rows of
   * other jobs are read only once `turn` has ended.
   */
  | {
      readonly kind: "rows";
      readonly rows: readonly JobRow<Output>[];
      readonly close: () => Promise<void>;
      readonly turn: Turn;
      /** It was cancelled: texts without a row are not charged. */
      readonly isCancelled?: boolean;
    }
  /** It continues, or could not be created yet; `error` is what keeps it from being read. */
  | {
      readonly kind: "pending";
      readonly job: string | null;
      readonly reason: string;
      readonly error?: SiteragError;
      /** Its state is not known. */
      readonly isUnseen?: true;
    }
  /** It ended without rows. */
  | { readonly kind: "ended"; readonly reason: string }
  | NoJob;

/** Longest wait for a cancelled job to end; cancelling takes seconds. */
const CANCEL_WAIT_MS = 120_000;

/** Creates a job for a pack, or finds the existing one, and follows it until the deadline. */
export async function runJob<Input, Output>(
  items: readonly PlanItem[],
  context: JobContext<Input, Output>,
): Promise<JobOutcome<Output>> {
  const { enqueued, clock, deadlineAt, signal, tell, tokens } = context;
  while (!enqueued.tryEnter(tokens)) {
    if (clock.now() >= deadlineAt || signal?.aborted === true) return withoutRoom(context);
    await tellingLater(enqueued.changed(), clock, () => tell?.(jobRoomEvent(deadlineAt)));
  }
  let continues = false;
  try {
    const outcome = await submitAndFollow(items, context);
    continues = outcome.kind === "pending" && outcome.job !== null;
    return outcome;
  } finally {
    enqueued.leave(continues ? 0 : tokens);
  }
}

const NO_ROOM = "No batch job was created, because the account's queue for jobs is full.";

function withoutRoom({
  onDeadline,
  signal,
}: Pick<FollowContext<unknown>, "onDeadline" | "signal">): JobOutcome<never> {
  if (signal?.aborted === true || onDeadline === "defer") {
    const reason = `${NO_ROOM} Run \`siterag index\` again when a job has ended.`;
    return { kind: "pending", job: null, reason };
  }
  const error = new SiteragError("TIMEOUT", NO_ROOM);
  return { kind: onDeadline === "individual" ? "refused" : "failed", error };
}

/** If an existing job was found and turns out to be empty, creates a new one, once. */
async function submitAndFollow<Input, Output>(
  items: readonly PlanItem[],
  context: JobContext<Input, Output>,
): Promise<JobOutcome<Output>> {
  for (let isSecond = false; ; isSecond = true) {
    let isOwn = false;
    const onCreated = (tokens: readonly number[]): void => {
      isOwn = true;
      context.onCreated(tokens);
    };
    const submitted = await submitJob(items, { ...context, onCreated });
    if (submitted.kind !== "job") return submitted;
    const { record } = submitted;
    const outcome = await followJob(record, context);
    const isEmpty = outcome.kind === "rows" && outcome.rows.length === 0 && !outcome.isCancelled;
    if (isOwn || isSecond || !isEmpty) return outcome;
    const skipped = [...record.skipped, record.name];
    await context.ledger.update({ ...record, name: null, skipped });
  }
}

/** Waits for a job that has a name. If it cannot be read, it is pending. */
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
      const advice = `If this persists, run \`siterag jobs cancel ${name} --forget\` to send them again.`;
      const reason = `They are in batch job ${name}, which could not be read: ${error.message} ${advice}`;
      return { ...pending, reason, error };
    }
    if (context.signal?.aborted !== true) throw cause;
    return { ...pending, reason: `They are in batch job ${name}; ${COLLECT_LATER}` };
  }
}

const COLLECT_LATER = "run `siterag index` again to collect it.";

async function follow<Output>(
  record: NamedJob,
  context: FollowContext<Output>,
): Promise<JobOutcome<Output>> {
  const { onDeadline, clock, observe, signal } = context;
  const { name } = record;
  const status = await awaitJob(name, context);
  if (status === null || status.end !== null) return readEnd(record, status, context);
  const pending = { kind: "pending", job: name } as const;
  if (signal?.aborted === true || onDeadline === "defer") {
    if (status === UNSEEN) {
      const reason = `They are in batch job ${name}, which did not answer; ${COLLECT_LATER}`;
      return { ...pending, reason, isUnseen: true };
    }
    const reason = `They are in batch job ${name} (${status.state}); ${COLLECT_LATER}`;
    return { ...pending, reason };
  }
  // Its end will not be seen. It would have taken at least as long as it has run by now.
  observe?.("batch", (clock.now() - Date.parse(record.createdAt)) / 1000, record.space);
  if (onDeadline === "individual") return cancelJob(record, context);
  const late = `Batch job ${name} did not end before the deadline; ${COLLECT_LATER}`;
  return { kind: "failed", error: new SiteragError("TIMEOUT", late) };
}

/** Cancels a job, waits for its end, and reads the rows that it served before. */
async function cancelJob<Output>(
  record: NamedJob,
  context: FollowContext<Output>,
): Promise<JobOutcome<Output>> {
  const { service, clock } = context;
  const { name } = record;
  const refusal = await service.cancel(name, patienceOf(context)).then(
    () => null,
    (cause: unknown) => {
      if (cause instanceof CallFailure) return cause.error;
      throw cause;
    },
  );
  // A refused job may have ended a moment ago: one look shows it.
  const endsBy = refusal === null ? context.deadlineAt + CANCEL_WAIT_MS : 0;
  const deadlineAt = Math.max(clock.now(), endsBy);
  const status = await awaitJob(name, { ...context, deadlineAt });
  if (status !== null && status.end === null) {
    const reason =
      refusal === null
        ? `They are in batch job ${name}, which is being cancelled; ${COLLECT_LATER}`
        : `They are in batch job ${name}, which could not be cancelled: ${refusal.message} To collect it, run \`siterag index\` again.`;
    return { kind: "pending", job: name, reason };
  }
  const turn = context.reading.next();
  const outcome = await readEnd(record, status, { ...context, observe: undefined });
  // However it ended, the texts that it did not serve go by calls.
  return outcome.kind === "ended"
    ? { kind: "rows", rows: [], close: async () => undefined, turn, isCancelled: true }
    : outcome;
}

/** Reads the rows of a job that has ended. Null: the service does not know the job. */
async function readEnd<Output>(
  { displayName, name, space }: NamedJob,
  status: JobStatus | null,
  context: FollowContext<Output>,
): Promise<JobOutcome<Output>> {
  const { ledger, observe, signal, service } = context;
  const isSuccess = status?.end === "SUCCEEDED";
  const isCancelled = status?.end === "CANCELLED";
  if (isSuccess && status.tookMs !== undefined) observe?.("batch", status.tookMs / 1000, space);
  const turn = context.reading.next();
  const rows = isSuccess || isCancelled ? await rowsInTurn(name, turn, context) : [];
  if (isSuccess || rows.length > 0) {
    const close = async (): Promise<void> => {
      await ledger.close(displayName);
      if (signal?.aborted !== true) await service.tidy(name, patienceOf(context));
    };
    return { kind: "rows", rows, close, turn, isCancelled };
  }
  await ledger.close(displayName);
  return { kind: "ended", reason: endOf(name, status) };
}

/** Where there are rows, the turn goes on. */
async function rowsInTurn<Output>(
  name: string,
  turn: Turn,
  context: FollowContext<Output>,
): Promise<readonly JobRow<Output>[]> {
  let rows: readonly JobRow<Output>[] = [];
  try {
    await turn.begin(context.signal);
    rows = await context.service.rows(name, { ...patienceOf(context), turn });
    return rows;
  } finally {
    if (rows.length === 0) turn.end();
  }
}

/** Longest quotation of the service's own words in a message. */
const MAX_WORDS = 200;

function endOf(name: string, status: JobStatus | null): string {
  if (status === null) return `The service no longer knows batch job ${name}.`;
  const { message, state } = status;
  const why = message === null ? "" : ` (${message.slice(0, MAX_WORDS)})`;
  return `Batch job ${name} ended as ${state}${why}.`;
}
