import { toError } from "./errors.ts";
import type { Clock } from "./types.ts";

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

export interface VirtualClock extends Clock {
  /** Moves time forward by `ms` at once and wakes the sleepers that are due, earliest first. */
  advance(ms: number): void;
  /** Stops time from jumping, for example while a request is on the wire. Each hold needs a release. */
  hold(): void;
  /** Ends one hold. Throws when there is none. */
  release(): void;
}

/**
 * A clock that moves only when something sleeps or the test advances it. Unless held, it jumps to
 * the earliest sleeper, one at a time, so waiting takes a test no real time.
 */
export function createVirtualClock(start = 0): VirtualClock {
  const sleepers = new Set<Sleeper>();
  let now = start;
  let holds = 0;

  const wakeEarliest = (until: number): boolean => {
    const [earliest] = [...sleepers].sort((one, other) => one.wakesAt - other.wakesAt);
    if (earliest === undefined || earliest.wakesAt > until) return false;
    now = Math.max(now, earliest.wakesAt);
    sleepers.delete(earliest);
    earliest.wake();
    return true;
  };

  const jumpSoon = (): void => {
    setImmediate(() => {
      if (holds === 0 && wakeEarliest(Number.POSITIVE_INFINITY)) jumpSoon();
    });
  };

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(toError(signal.reason));
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(toError(signal?.reason));
        };
        const wake = (): void => {
          signal?.removeEventListener("abort", abort);
          resolve();
        };
        const sleeper = { wakesAt: now + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", abort, { once: true });
        jumpSoon();
      }),
    advance(ms) {
      const until = now + ms;
      while (wakeEarliest(until)) continue;
      now = until;
    },
    hold() {
      holds += 1;
    },
    release() {
      if (holds === 0) throw new Error("The virtual clock is not held.");
      holds -= 1;
      jumpSoon();
    },
  };
}
