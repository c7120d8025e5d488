import type { ErrorCode } from "../words/errors.ts";
import { CallFailure } from "./call-failure.ts";
import { endOrNull } from "./events.ts";
import type { FollowContext } from "./job-context.ts";
import type { JobStatus } from "./provider.ts";

/** The pause before the next look, as a share of the time waited so far; it is at least `pollMs`. */
const POLL_SHARE = 0.1;

/** Stands for the status of a job if a look at it was not answered. */
export const UNSEEN: JobStatus = { state: "UNSEEN", end: null, message: null };

/**
 * Looks at a job until it has ended, the deadline is reached, or the signal is aborted. Gives its last
 * status; null when the service does not know the job. After a temporary failure it looks again; every
 * other failure is thrown.
 */
export async function awaitJob(
  name: string,
  { service, clock, pollMs, deadlineAt, signal, tell }: FollowContext<unknown>,
): Promise<JobStatus | null> {
  let seen = "";
  const startedAt = clock.now();
  for (;;) {
    const status = await service.status(name, signal).catch((cause: unknown) => {
      if (signal?.aborted === true || isTemporary(cause)) return UNSEEN;
      throw cause;
    });
    if (status === null) return null;
    // A look without an answer tells nothing new, unless it is the first look.
    const isNews = status.state !== seen && (status !== UNSEEN || seen === "");
    if (isNews && signal?.aborted !== true) {
      seen = status.state;
      tell?.({ type: "job_state", name, state: seen, untilMs: endOrNull(deadlineAt) });
    }
    const leftMs = deadlineAt - clock.now();
    if (status.end !== null || leftMs <= 0 || signal?.aborted === true) return status;
    const pauseMs = Math.max(pollMs, (clock.now() - startedAt) * POLL_SHARE);
    await clock.sleep(Math.min(pauseMs, leftMs), signal).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  }
}

const TEMPORARY: ReadonlySet<ErrorCode> = new Set([
  "UNAVAILABLE",
  "TIMEOUT",
  "RATE_LIMITED",
  "ANSWER_MALFORMED",
]);

/** Whether the same request may succeed later, without anybody's help. */
export const isTemporary = (cause: unknown): boolean =>
  cause instanceof CallFailure && TEMPORARY.has(cause.error.code);
