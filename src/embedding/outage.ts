import { SiteragError } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";

/** Failures that are the service's, and no text's. */
const OF_SERVICE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "RATE_LIMITED",
  "TIMEOUT",
  "UNAVAILABLE",
]);

/** Calls given up in a row, each after all of its tries, until a service counts as out. */
const MOST_IN_A_ROW = 5;

/**
 * Notices that a service answers nobody: without it, a run of hundreds of calls would try each of them
 * for minutes.
 */
export class Outage {
  #inARow = 0;
  #last: SiteragError | null = null;

  /** Why no further call is worth sending; null: there may be one. */
  get reason(): SiteragError | null {
    if (this.#last === null || this.#inARow < MOST_IN_A_ROW) return null;
    const message = `Not sent, after ${MOST_IN_A_ROW} calls in a row had failed: ${this.#last.message}`;
    return new SiteragError(this.#last.code, message, { cause: this.#last });
  }

  /** A call has ended: with an answer (null), or with what it was given up for. */
  note(error: Error | null): void {
    if (error instanceof SiteragError && OF_SERVICE.has(error.code)) {
      this.#inARow += 1;
      this.#last = error;
    } else this.#inARow = 0;
  }
}
