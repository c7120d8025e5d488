import type { Clock } from "../words/types.ts";

/** What may be sent in any minute; `Infinity` where there is no limit. */
export interface MinuteLimits {
  /** Every text counts as one request. */
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

interface Sending {
  readonly requests: number;
  readonly tokens: number;
}

interface Entry extends Sending {
  /** When it no longer counts; null while the call is under way. */
  endsAt: number | null;
}

const MINUTE_MS = 60_000;

/**
 * Keeps calls under the limits of a minute, in the order in which they ask. A call counts from its
 * start until a minute after its answer: wherever in between the service has counted it, no minute
 * of the service's holds more.
 */
export class RateLimit {
  readonly #limits: MinuteLimits;
  readonly #clock: Clock;
  #entries: Entry[] = [];
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #turn: Promise<unknown> = Promise.resolve();
  #released: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(limits: MinuteLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * Waits until the call may go. Gives the function to call when it has ended. What passes a limit by
   * itself goes alone. Rejects with the signal's reason.
   */
  reserve(sending: Sending, signal: AbortSignal): Promise<() => void> {
    const turn = this.#turn;
    const reserved = raceWith(turn, signal).then(() => this.#reserve(sending, signal));
    // Who leaves the line lets nobody pass.
    this.#turn = Promise.allSettled([turn, reserved]);
    return reserved;
  }

  /** Nothing is sent for so long: the service asked for it. */
  pause(durationMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + durationMs);
  }

  async #reserve(sending: Sending, signal: AbortSignal): Promise<() => void> {
    for (;;) {
      signal.throwIfAborted();
      const now = this.#clock.now();
      this.#entries = this.#entries.filter(({ endsAt }) => endsAt === null || endsAt > now);
      const isPaused = now < this.#pausedUntil;
      if (!isPaused && this.#hasRoomFor(sending)) return this.#enter(sending);
      const ends = this.#entries.flatMap(({ endsAt }) => endsAt ?? []);
      const next = isPaused ? this.#pausedUntil : Math.min(...ends);
      await (Number.isFinite(next)
        ? this.#clock.sleep(next - now, signal)
        : raceWith(this.#released.promise, signal));
    }
  }

  #hasRoomFor({ requests, tokens }: Sending): boolean {
    if (this.#entries.length === 0) return true;
    const sum = (read: (entry: Entry) => number) =>
      this.#entries.reduce((total, entry) => total + read(entry), 0);
    return (
      sum((entry) => entry.requests) + requests <= this.#limits.requestsPerMinute &&
      sum((entry) => entry.tokens) + tokens <= this.#limits.tokensPerMinute
    );
  }

  #enter(sending: Sending): () => void {
    const entry: Entry = { ...sending, endsAt: null };
    this.#entries.push(entry);
    return () => {
      entry.endsAt = this.#clock.now() + MINUTE_MS;
      this.#released.resolve();
      this.#released = Promise.withResolvers();
    };
  }
}

/** Waits for either; rejects with the signal's reason. */
async function raceWith(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
