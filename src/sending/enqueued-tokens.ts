/**
 * Keeps the tokens of jobs that wait or run under what the account may have enqueued. Where none of
 * this run is inside, the next one goes whatever its size: whether there is room beside those of
 * others is the service's to say.
 */
export class EnqueuedTokenLimit {
  readonly #limit: number;
  #taken: number;
  #inside = 0;
  #waiting: (() => void)[] = [];

  /** `taken`: tokens of jobs that earlier runs have left. */
  constructor(limit: number, taken: number) {
    this.#limit = limit;
    this.#taken = taken;
  }

  /** Whether a job may be created now; if so, its place is taken. */
  tryEnter(tokens: number): boolean {
    if (this.#inside > 0 && this.#taken + tokens > this.#limit) return false;
    this.#taken += tokens;
    this.#inside += 1;
    return true;
  }

  /** A job has ended, or was not created; with 0 tokens, it goes on and is no longer waited for. */
  leave(tokens: number): void {
    this.#taken -= tokens;
    this.#inside -= 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves when some job of this run has left. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
