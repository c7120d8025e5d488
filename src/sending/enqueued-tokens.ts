/**
 * Keeps the tokens of jobs that wait or run under the account's limit. If no job of this run is
 * enqueued, the next one enters whatever its size: only the service knows whether there is room
 * beside the jobs of others.
 */
export class EnqueuedTokenLimit {
  readonly #limit: number;
  #taken: number;
  #jobs = 0;
  #left = Promise.withResolvers<void>();

  /** `taken`: tokens of the jobs that earlier runs created. */
  constructor(limit: number, taken: number) {
    this.#limit = limit;
    this.#taken = taken;
  }

  /** Takes the tokens if a job may be created now, and says whether it may. */
  tryEnter(tokens: number): boolean {
    if (this.#jobs > 0 && this.#taken + tokens > this.#limit) return false;
    this.#taken += tokens;
    this.#jobs += 1;
    return true;
  }

  /** A job ended, or was not created. With 0 tokens: it continues, but this run awaits it no longer. */
  leave(tokens: number): void {
    this.#taken -= tokens;
    this.#jobs -= 1;
    this.#left.resolve();
    this.#left = Promise.withResolvers();
  }

  /** Resolves when the next job of this run leaves. */
  changed(): Promise<void> {
    return this.#left.promise;
  }
}
