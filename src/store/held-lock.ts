import { SILENT_WAIT_MS, timeOfDay } from "../words/amounts.ts";
import { SiteragError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";

/** How often a holder looks after its lock, and tries again after a failed renewal. */
const TICK_MS = 5_000;

/** A write that has begun is given this long to be committed; clocks of two machines may differ, too. */
const MARGIN_MS = 15_000;

/** How long a second writer waits for the first one. */
const WAIT_MS = 30_000;

/** How long the store may take to answer about the lock. */
const ANSWER_MS = 30_000;

/** Is told what a run waits for. */
export type Tell = (message: string) => void;

/** Is called before each write. Throws when the run may no longer write. */
export type WriteGuard = () => Promise<void>;

/** What a lock file and a lease do differently. */
export interface Lock {
  readonly clock: Clock;
  /** Whether the lock is now ours. It is tried again after `retryMs`. */
  readonly tryTake: () => Promise<boolean>;
  readonly retryMs: number;
  /** `process 7 on build-host`, as far as it is known. */
  readonly holder: () => Promise<string>;
  /** Names the holder, and what to do. */
  readonly refusal: () => Promise<SiteragError>;
  /** Another run may take the lock when it was not renewed for this long. */
  readonly expiresMs: number;
  /** A lock younger than this is not renewed. */
  readonly renewAfterMs: number;
  /** False: the lock is gone, or another run has it. Rejects when that is unknown. */
  readonly renew: () => Promise<boolean>;
  readonly release: () => Promise<void>;
}

/**
 * The right to write to a store, until it is released or lost. It is renewed, and given up for good as
 * soon as another run may have it. A process may sleep through all renewals, so `check` renews, too.
 */
export class HeldLock {
  readonly #lock: Lock;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #renewedAt: number;
  #renewal: Promise<void> | null = null;

  /** Throws the refusal when another run has the lock for 30 s. `tell` is told of a longer wait, once. */
  static async take(lock: Lock, signal?: AbortSignal, tell?: Tell): Promise<HeldLock> {
    const { clock, holder, retryMs, tryTake, refusal } = lock;
    const deadline = clock.now() + WAIT_MS;
    let isTold = false;
    for (;;) {
      const takenAt = clock.now();
      if (await answered(tryTake())) return new HeldLock(lock, takenAt);
      if (clock.now() >= deadline) throw await refusal();
      if (!isTold && clock.now() >= deadline - WAIT_MS + SILENT_WAIT_MS) {
        isTold = true;
        const until = timeOfDay(deadline);
        tell?.(`Waiting for ${await holder()} to finish writing (until ${until}).`);
      }
      await clock.sleep(retryMs, signal);
    }
  }

  private constructor(lock: Lock, takenAt: number) {
    this.#lock = lock;
    this.#renewedAt = takenAt;
    this.#timer = setInterval(() => {
      if (this.#ageMs >= lock.renewAfterMs) void this.#renew();
    }, TICK_MS).unref();
  }

  /** Aborts with the error STORE_LOCKED when the lock is lost. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Call it before each write. Throws STORE_LOCKED when another run has the lock, or may have it. */
  readonly check: WriteGuard = async () => {
    while (!this.signal.aborted && this.#isOld) await this.#renew();
    this.signal.throwIfAborted();
  };

  async release(): Promise<void> {
    clearInterval(this.#timer);
    // A renewal that ends after the release would bring the lock back.
    await this.#renewal;
    await answered(this.#lock.release()).catch((error: unknown) => {
      if (!this.signal.aborted) throw error;
    });
  }

  get #ageMs(): number {
    return this.#lock.clock.now() - this.#renewedAt;
  }

  get #isOld(): boolean {
    return this.#ageMs >= this.#lock.expiresMs - MARGIN_MS;
  }

  #renew(): Promise<void> {
    this.#renewal ??= this.#renewOnce().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #renewOnce(): Promise<void> {
    if (this.signal.aborted) return;
    const startedAt = this.#lock.clock.now();
    try {
      if (await answered(this.#lock.renew())) this.#renewedAt = startedAt;
      else this.#lost.abort(taken());
    } catch (cause) {
      if (this.#isOld) this.#lost.abort(expired(this.#ageMs, cause));
    }
  }
}

/** Waits in real time, whatever the clock: a store behind a dead connection never answers. */
async function answered<Value>(work: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(unanswered()), ANSWER_MS).unref();
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const unanswered = (): SiteragError =>
  new SiteragError(
    "STORE_FAILED",
    `The store did not answer for ${ANSWER_MS / 1000} s when it was asked for the writer's lock. Check that the store can be reached, then start this run again.`,
  );

const taken = (): SiteragError =>
  new SiteragError(
    "STORE_LOCKED",
    `Another run took the store's lock from this run, which had not renewed it in time. This run stopped writing; what it had written stays. Wait until the other run has ended, then start this one again.`,
  );

const expired = (ageMs: number, cause: unknown): SiteragError =>
  new SiteragError(
    "STORE_LOCKED",
    `The store's lock could not be renewed for ${Math.round(ageMs / 1000)} s, so another run may take it. This run stopped writing; what it had written stays. Check that the store can be reached, then start this run again.`,
    { cause },
  );
