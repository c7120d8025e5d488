import type { Clock } from "../words/types.ts";
import { untilAborted } from "../words/until-aborted.ts";
import { tellingLater } from "./wait-lines.ts";

/** What may be sent in any minute; `Infinity` where there is no limit. */
export interface MinuteLimits {
  /** Every text counts as one request. */
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

interface CallSize {
  readonly requests: number;
  readonly tokens: number;
}

interface Entry extends CallSize {
  /** When it no longer counts; null while the call is in progress. */
  endsAt: number | null;
}

const MINUTE_MS = 60_000;

/**
 * Keeps calls under the limits of a minute, in the order in which they ask. A call counts from its start
 * until a minute after its end, because nobody knows when in between the service counted it.
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
   * Waits until the call may begin, and gives a function to call at its end. A call that exceeds a limit
   * by itself runs alone. `onWait` is told until when it waits, or null after two seconds of waiting
   * for calls in progress. Rejects with the signal's reason.
   */
  reserve(
    sending: CallSize,
    signal: AbortSignal,
    onWait: (untilMs: number | null) => void = () => undefined,
  ): Promise<() => void> {
    const turn = this.#turn;
    const reserved = untilAborted(turn, signal).then(() => this.#reserve(sending, signal, onWait));
    // Also after an abort, the next call waits for those before it.
    this.#turn = Promise.allSettled([turn, reserved]);
    return reserved;
  }

  /** The service asked for a pause: no call begins for so long. */
  pause(durationMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + durationMs);
  }

  async #reserve(
    sending: CallSize,
    signal: AbortSignal,
    onWait: (untilMs: number | null) => void,
  ): Promise<() => void> {
    for (;;) {
      signal.throwIfAborted();
      const now = this.#clock.now();
      this.#entries = this.#entries.filter(({ endsAt }) => endsAt === null || endsAt > now);
      const isPaused = now < this.#pausedUntil;
      if (!isPaused && this.#hasRoomFor(sending)) return this.#enter(sending);
      const ends = this.#entries.flatMap(({ endsAt }) => endsAt ?? []);
      const next = isPaused ? this.#pausedUntil : Math.min(...ends);
      if (Number.isFinite(next)) {
        onWait(next);
        await this.#clock.sleep(next - now, signal);
      } else {
        const released = untilAborted(this.#released.promise, signal);
        await tellingLater(released, this.#clock, () => onWait(null));
      }
    }
  }

  #hasRoomFor({ requests, tokens }: CallSize): boolean {
    if (this.#entries.length === 0) return true;
    const sum = (read: (entry: Entry) => number) =>
      this.#entries.reduce((total, entry) => total + read(entry), 0);
    return (
      sum((entry) => entry.requests) + requests <= this.#limits.requestsPerMinute &&
      sum((entry) => entry.tokens) + tokens <= this.#limits.tokensPerMinute
    );
  }

  #enter(sending: CallSize): () => void {
    const entry: Entry = { ...sending, endsAt: null };
    this.#entries.push(entry);
    return () => {
      entry.endsAt = this.#clock.now() + MINUTE_MS;
      this.#released.resolve();
      this.#released = Promise.withResolvers();
    };
  }
}
