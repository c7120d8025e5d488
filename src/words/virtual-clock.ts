import type { Clock } from "./types.ts";

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

export interface VirtualClock extends Clock {
  /** Moves time on by `ms` at once; sleepers that are due by then wake, the earliest first. */
  advance(ms: number): void;
  /** Keeps time from jumping by itself, as while a request is on the wire, until as many releases. */
  hold(): void;
  /** Takes one hold back. Throws when there is none. */
  release(): void;
}

/**
 * Time that passes only when somebody sleeps or the test advances it. Left alone, and held by
 * nobody, it jumps to the earliest sleeper, one at a time, so that waiting costs a test nothing.
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
      if (holds === 0) throw new Error("Nobody holds the virtual clock.");
      holds -= 1;
      jumpSoon();
    },
  };
}

const toError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error(String(reason));
