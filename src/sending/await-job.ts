import type { ErrorCode } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";
import { CallFailure } from "./call-failure.ts";
import type { OnJobState } from "./collect-jobs.ts";
import type { JobService, JobStatus } from "./provider.ts";

/** How often a job is asked after: the first time soon, then ever more seldom. */
export interface Polling {
  readonly firstMs: number;
  readonly mostMs: number;
}

export interface JobWait {
  readonly clock: Clock;
  readonly polling: Polling;
  /** On the clock, in milliseconds since the epoch; may be `Infinity`. */
  readonly deadlineAt: number;
  readonly signal?: AbortSignal | undefined;
  /** Is told each state that the job is seen in, once. */
  readonly onState?: OnJobState | undefined;
}

/**
 * Asks after a job until it has ended, the deadline is reached, or the signal is aborted. Gives its
 * last status; null when the service knows no such job. A look that fails for a passing reason is no
 * end; any other reason is thrown.
 */
export async function awaitJob(
  name: string,
  service: Pick<JobService<never, unknown>, "status">,
  { clock, polling, deadlineAt, signal, onState }: JobWait,
): Promise<JobStatus | null> {
  let seen: string | null = null;
  for (let pauseMs = polling.firstMs; ; pauseMs = Math.min(pauseMs * 2, polling.mostMs)) {
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
