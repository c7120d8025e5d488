import { SiteragError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";
import type { PoolState, PoolUse } from "../words/metrics.ts";

/** The bounds of calls at once. */
export interface ConcurrencyLimits {
  /** Calls under way at once. */
  readonly most: number;
  /** Calls that may wait for a slot. */
  readonly maxQueued: number;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Lets a bounded number of calls through at once. The number halves when the service complains and
 * grows again by one whenever as many calls in a row as it counts have gone well.
 */
export class AdaptiveConcurrency {
  readonly #most: number;
  readonly #maxQueued: number;
  readonly #clock: Pick<Clock, "now">;
  /** Time so far in which slots were taken, each counted; and in which any was. */
  #busyMs = 0;
  #openMs = 0;
  #countedAt = 0;
  #size: number;
  #active = 0;
  #good = 0;
  #halvings = 0;
  #queue: (() => void)[] = [];
  readonly #watchers = new Set<{ longestQueue: number }>();

  constructor({ most, maxQueued, clock }: ConcurrencyLimits) {
    this.#clock = clock;
    this.#most = most;
    this.#maxQueued = maxQueued;
    this.#size = most;
  }

  /** Calls that may be under way at once, now. */
  get size(): number {
    return this.#size;
  }

  get state(): PoolState {
    this.#countTime();
    return {
      size: this.#size,
      active: this.#active,
      queueLength: this.#queue.length,
      utilisation: this.#openMs === 0 ? 0 : this.#busyMs / (this.#openMs * this.#most),
    };
  }

  /** Watches how slots are used, until the function that it gives is called. */
  watch(): () => PoolUse {
    this.#countTime();
    const before = { busyMs: this.#busyMs, openMs: this.#openMs };
    const watcher = { longestQueue: this.#queue.length };
    this.#watchers.add(watcher);
    return () => {
      this.#countTime();
      this.#watchers.delete(watcher);
      const busyMs = this.#busyMs - before.busyMs;
      return { busyMs, availableMs: (this.#openMs - before.openMs) * this.#most, ...watcher };
    };
  }

  /** How often the number was halved so far. */
  get halvings(): number {
    return this.#halvings;
  }

  /**
   * Does some work in a slot of its own. Throws POOL_EXHAUSTED, unless it was admitted before, and
   * the signal's reason.
   */
  async run<Value>(
    work: () => Promise<Value>,
    signal: AbortSignal,
    { isAdmitted = false }: { readonly isAdmitted?: boolean } = {},
  ): Promise<Value> {
    await this.#enter(signal, isAdmitted ? Number.POSITIVE_INFINITY : this.#maxQueued);
    try {
      return await work();
    } finally {
      this.#countTime();
      this.#active -= 1;
      this.#admit();
    }
  }

  /** To be called before `#active` changes. */
  #countTime(): void {
    const now = this.#clock.now();
    const passedMs = now - this.#countedAt;
    if (this.#active > 0) this.#openMs += passedMs;
    this.#busyMs += passedMs * this.#active;
    this.#countedAt = now;
  }

  /**
   * The service was asked too much. `halvings` is their number when the call went out: one from
   * before the last halving complains of what has been seen to.
   */
  slowDown(halvings: number): void {
    if (halvings < this.#halvings) return;
    this.#halvings += 1;
    this.#size = Math.max(1, Math.floor(this.#size / 2));
    this.#good = 0;
  }

  /** A call went well. */
  speedUp(): void {
    this.#good += 1;
    if (this.#size >= this.#most || this.#good < this.#size) return;
    this.#size += 1;
    this.#good = 0;
    this.#admit();
  }

  #enter(signal: AbortSignal, maxQueued: number): Promise<void> {
    signal.throwIfAborted();
    if (this.#active < this.#size && this.#queue.length === 0) {
      this.#countTime();
      this.#active += 1;
      return Promise.resolve();
    }
    if (this.#queue.length >= maxQueued) return Promise.reject(exhausted(maxQueued));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      this.#queue = this.#queue.filter((waiting) => waiting !== enter);
      reject(signal.reason);
    };
    const enter = (): void => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#queue.push(enter);
    for (const watcher of this.#watchers) {
      watcher.longestQueue = Math.max(watcher.longestQueue, this.#queue.length);
    }
    return promise;
  }

  #admit(): void {
    while (this.#active < this.#size) {
      const enter = this.#queue.shift();
      if (enter === undefined) return;
      this.#countTime();
      this.#active += 1;
      enter();
    }
  }
}

const exhausted = (maxQueued: number): SiteragError =>
  new SiteragError(
    "POOL_EXHAUSTED",
    `${maxQueued} calls are waiting for a slot already. Send fewer texts at once, or put them into one set, which is packed.`,
  );
