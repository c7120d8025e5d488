import type { Clock } from "../types.ts";

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

export interface VirtualClock extends Clock {
  /** Moves time on by `ms` at once; sleepers that are due by then wake, the earliest first. */
  advance(ms: number): void;
}

/**
 * Time that passes only when somebody sleeps or the test advances it. Left alone, it jumps to the
 * earliest sleeper, one at a time, so that waiting costs a test nothing.
 */
export function createVirtualClock(start = 0): VirtualClock {
  const sleepers = new Set<Sleeper>();
  let now = start;

  const wakeEarliest = (until: number): boolean => {
    const [earliest] = [...sleepers].sort((one, other) => one.wakesAt - other.wakesAt);
    if (earliest === undefined || earliest.wakesAt > until) return false;
    now = Math.max(now, earliest.wakesAt);
    sleepers.delete(earliest);
    earliest.wake();
    return true;
  };

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(toError(signal.reason));
        const stop = (): void => {
          sleepers.delete(sleeper);
          reject(toError(signal?.reason));
        };
        const wake = (): void => {
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        const sleeper = { wakesAt: now + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", stop, { once: true });
        setImmediate(() => wakeEarliest(Number.POSITIVE_INFINITY));
      }),
    advance(ms) {
      const until = now + ms;
      while (wakeEarliest(until)) continue;
      now = until;
    },
  };
}

const toError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error(String(reason));
