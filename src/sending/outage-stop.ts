import { FAILS_ALL, SiteragError, type ErrorCode } from "../words/errors.ts";
import type { Unfinished } from "../words/types.ts";
import { unfinished, TooLate } from "./unfinished.ts";

/** After one of these, no further call can succeed. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([...FAILS_ALL, "QUOTA_OF_DAY"]);

/** Failures that are the service's, and no text's. */
const OF_SERVICE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "RATE_LIMITED",
  "TIMEOUT",
  "UNAVAILABLE",
]);

/** What kept a text from the service, or ended the waiting for it: no sign of either. */
const NO_SIGN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "BUDGET_REACHED",
  "INTERRUPTED",
  "POOL_EXHAUSTED",
]);

/** Calls given up in a row, each after all of its tries, until a service counts as out. */
const MOST_IN_A_ROW = 5;

/**
 * Notices when no further call of a run is worth sending: after what none can get past, and when the
 * service answers nobody, for then a run of hundreds of calls would try each of them for minutes.
 */
export class OutageStop {
  #final: SiteragError | null = null;
  #inARow = 0;
  #last: SiteragError | null = null;

  /** What becomes of a text that is not sent any more; null: it may be sent. */
  get unsent(): Unfinished | null {
    if (this.#final !== null) return unfinished(this.#final);
    if (this.#last === null || this.#inARow < MOST_IN_A_ROW) return null;
    const { code, message } = this.#last;
    const reason = `Not sent, after ${MOST_IN_A_ROW} calls in a row had failed: ${message} Run \`siterag index\` again later.`;
    const error = new SiteragError(code, reason, { cause: this.#last });
    return { status: "pending", job: null, reason, error };
  }

  /** A call has ended: with an answer (null) for each of its texts, or with why there is none. */
  note(outcomes: readonly (Error | null)[]): void {
    for (const error of outcomes) {
      if (error instanceof SiteragError && FINAL.has(error.code)) this.#final ??= error;
    }
    const signs = outcomes.filter((error) => !isNoSign(error));
    const last = signs.at(-1);
    if (last === undefined) return;
    if (!signs.every(isOfService) || !isOfService(last)) this.#inARow = 0;
    else {
      this.#inARow += 1;
      this.#last = last;
    }
  }
}

const isNoSign = (error: Error | null): boolean =>
  error instanceof TooLate || (error instanceof SiteragError && NO_SIGN.has(error.code));

const isOfService = (error: Error | null): error is SiteragError =>
  error instanceof SiteragError && OF_SERVICE.has(error.code);
