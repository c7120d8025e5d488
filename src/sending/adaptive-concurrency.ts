import { SiteragError } from "../words/errors.ts";
import type { PoolState, PoolUse } from "../words/metrics.ts";
import type { Clock } from "../words/types.ts";

export interface ConcurrencyLimits {
  /** Calls in progress at the same time. */
  readonly most: number;
  /** Calls that may wait for a slot. */
  readonly maxQueued: number;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Call slots: lets a bounded number of calls run at the same time. The number halves when the service
 * asks for fewer calls, and grows by one after as many successes in a row as there are slots.
 */
export class AdaptiveConcurrency {
  readonly #limits: ConcurrencyLimits;
  #size: number;
  #active = 0;
  #successes = 0;
  #halvings = 0;
  readonly #queue = new Set<() => void>();
  readonly #watchers = new Set<{ longestQueue: number }>();
  /** Time in use so far, summed over all slots; and time in which at least one was in use. */
  #busyMs = 0;
  #openMs = 0;
  #countedAt = 0;

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
    this.#size = limits.most;
  }

  /** Calls that may be in progress at the same time, at present. */
  get size(): number {
    return this.#size;
  }

  get state(): PoolState {
    this.#countTime();
    return {
      size: this.#size,
      active: this.#active,
      queueLength: this.#queue.size,
      utilisation: this.#openMs === 0 ? 0 : this.#busyMs / (this.#openMs * this.#limits.most),
    };
  }

  /** Measures how the slots are used, from now until the returned function is called. */
  watch(): () => PoolUse {
    this.#countTime();
    const [busyMs, openMs] = [this.#busyMs, this.#openMs];
    const watcher = { longestQueue: this.#queue.size };
    this.#watchers.add(watcher);
    return () => {
      this.#countTime();
      this.#watchers.delete(watcher);
      const availableMs = (this.#openMs - openMs) * this.#limits.most;
      return { busyMs: this.#busyMs - busyMs, availableMs, ...watcher };
    };
  }

  /** How often the number was halved so far. */
  get halvings(): number {
    return this.#halvings;
  }

  /**
   * Waits for a slot and works in it. Throws the signal's reason, and POOL_EXHAUSTED when too many wait
   * already; a call that was admitted before may always wait.
   */
  async run<Value>(
    work: () => Promise<Value>,
    signal?: AbortSignal,
    { isAdmitted = false }: { readonly isAdmitted?: boolean } = {},
  ): Promise<Value> {
    await this.#enter(signal, isAdmitted ? Infinity : this.#limits.maxQueued);
    try {
      return await work();
    } finally {
      this.#countTime();
      this.#active -= 1;
      this.#admit();
    }
  }

  /**
   * The service asked for fewer calls. `halvings` is their number when the call was sent: a complaint
   * from before the last halving has been answered by it.
   */
  slowDown(halvings: number): void {
    if (halvings < this.#halvings) return;
    this.#halvings += 1;
    this.#size = Math.max(1, Math.floor(this.#size / 2));
    this.#successes = 0;
  }

  /** A call was answered. */
  speedUp(): void {
    this.#successes += 1;
    if (this.#size >= this.#limits.most || this.#successes < this.#size) return;
    this.#size += 1;
    this.#successes = 0;
    this.#admit();
  }

  async #enter(signal: AbortSignal | undefined, maxQueued: number): Promise<void> {
    signal?.throwIfAborted();
    const isFull = this.#active >= this.#size || this.#queue.size > 0;
    if (isFull && this.#queue.size >= maxQueued) throw exhausted(maxQueued);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#queue.add(resolve);
    this.#admit();
    for (const watcher of this.#watchers) {
      watcher.longestQueue = Math.max(watcher.longestQueue, this.#queue.size);
    }
    const leave = (): void => {
      if (this.#queue.delete(resolve)) reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave, { once: true });
    await promise.finally(() => signal?.removeEventListener("abort", leave));
  }

  #admit(): void {
    for (const enter of this.#queue) {
      if (this.#active >= this.#size) return;
      this.#queue.delete(enter);
      this.#countTime();
      this.#active += 1;
      enter();
    }
  }

  /** To be called before `#active` changes. */
  #countTime(): void {
    const now = this.#limits.clock.now();
    const passedMs = now - this.#countedAt;
    if (this.#active > 0) this.#openMs += passedMs;
    this.#busyMs += passedMs * this.#active;
    this.#countedAt = now;
  }
}

const exhausted = (maxQueued: number): SiteragError =>
  new SiteragError(
    "POOL_EXHAUSTED",
    `The queue of calls is full (${maxQueued} waiting). Send fewer texts at once, or send them as one set: a set is packed into few calls.`,
  );
