import type { Clock } from "../types.ts";
import type { JobState } from "./service.ts";

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
}

// States that are not listed go on: a service may invent some.
const ENDED: ReadonlySet<JobState> = new Set(["SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED"]);

/**
 * Asks after a job until it has ended, the deadline is reached, or the signal is aborted. Gives the
 * state in which it ended, or null when it has not.
 */
export async function awaitJob(
  readState: () => Promise<JobState>,
  { clock, polling, deadlineAt, signal }: JobWait,
): Promise<JobState | null> {
  for (let pauseMs = polling.firstMs; ; pauseMs = Math.min(pauseMs * 2, polling.mostMs)) {
    const state = await readState();
    if (ENDED.has(state)) return state;
    const leftMs = deadlineAt - clock.now();
    if (leftMs <= 0 || signal?.aborted === true) return null;
    await clock.sleep(Math.min(pauseMs, leftMs), signal).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  }
}
