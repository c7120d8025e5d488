import type { ErrorCode } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";
import { CallFailure } from "./call-failure.ts";
import type { OnJobState } from "./collect-jobs.ts";
import type { JobService, JobStatus } from "./provider.ts";

export interface JobWait {
  readonly clock: Clock;
  /** Shortest time between two looks, in milliseconds. */
  readonly pollMs: number;
  /** On the clock, in milliseconds since the epoch; may be `Infinity`. */
  readonly deadlineAt: number;
  readonly signal?: AbortSignal | undefined;
  /** Is told each state that the job is seen in, once. */
  readonly onState?: OnJobState | undefined;
}

/** Share of the time waited so far that passes until the next look: a long wait is not noticed late. */
const POLL_SHARE = 0.1;

/**
 * Asks after a job until it has ended, the deadline is reached, or the signal is aborted. Gives its
 * last status; null when the service knows no such job. A look that fails for a passing reason is no
 * end; any other reason is thrown.
 */
export async function awaitJob(
  name: string,
  service: Pick<JobService<never, unknown>, "status">,
  { clock, pollMs, deadlineAt, signal, onState }: JobWait,
): Promise<JobStatus | null> {
  let seen: string | null = null;
  const startedAt = clock.now();
  for (;;) {
    const status = await service.status(name, signal).catch((cause: unknown) => {
      if (signal?.aborted === true || isPassing(cause)) return UNSEEN;
      throw cause;
    });
    if (status !== null && status !== UNSEEN && status.state !== seen) {
      seen = status.state;
      onState?.(name, status.state);
    }
    if (status === null || status.end !== null) return status;
    const leftMs = deadlineAt - clock.now();
    if (leftMs <= 0 || signal?.aborted === true) return status;
    const pauseMs = Math.max(pollMs, (clock.now() - startedAt) * POLL_SHARE);
    await clock.sleep(Math.min(pauseMs, leftMs), signal).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  }
}

/** What passes by itself. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "UNAVAILABLE",
  "TIMEOUT",
  "RATE_LIMITED",
  "ANSWER_MALFORMED",
]);

const isPassing = (cause: unknown): boolean =>
  cause instanceof CallFailure && PASSING.has(cause.error.code);

/** The status of a job that has not answered any look. */
export const UNSEEN: JobStatus = { state: "UNSEEN", end: null, message: null };
