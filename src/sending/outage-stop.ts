import { FAILS_ALL, SiteragError, type ErrorCode } from "../words/errors.ts";
import type { Unfinished } from "../words/types.ts";
import { TooLate, unfinished } from "./unfinished.ts";

/** After one of these, no further call can succeed. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([...FAILS_ALL, "QUOTA_OF_DAY"]);

/** Failures of the service, whatever the text. */
const OF_SERVICE: ReadonlySet<ErrorCode> = new Set(["RATE_LIMITED", "TIMEOUT", "UNAVAILABLE"]);

/** The text was not sent, or nobody waited for its answer: this says nothing about the service. */
const NO_SIGN: ReadonlySet<ErrorCode> = new Set([
  "BUDGET_REACHED",
  "INTERRUPTED",
  "POOL_EXHAUSTED",
]);

/** The service counts as out after this many failed calls in a row, each with all of its retries. */
const MOST_IN_A_ROW = 5;

/**
 * Notices when no further call of a run is worth sending: after a failure that hits every call, and
 * when the service answers nobody. Otherwise a run would retry each of its calls for minutes.
 */
export class OutageStop {
  #final: SiteragError | null = null;
  #inARow = 0;
  #last: SiteragError | null = null;

  /** The outcome of texts that are no longer sent; null: send them. */
  get unsent(): Unfinished | null {
    if (this.#final !== null) return unfinished(this.#final);
    if (this.#last === null || this.#inARow < MOST_IN_A_ROW) return null;
    const { code, message } = this.#last;
    const reason = `Not sent, because ${MOST_IN_A_ROW} calls in a row failed: ${message} Run \`siterag index\` again later.`;
    const error = new SiteragError(code, reason, { cause: this.#last });
    return { status: "pending", job: null, reason, error };
  }

  /** A call has ended; `outcomes` holds null for each text with an answer, and else its error. */
  note(outcomes: readonly (Error | null)[]): void {
    this.#final ??= outcomes.find((error) => hasCode(error, FINAL)) ?? null;
    const signs = outcomes.filter(
      (error) => !(error instanceof TooLate) && !hasCode(error, NO_SIGN),
    );
    if (signs.length === 0) return;
    const failures = signs.filter((error) => hasCode(error, OF_SERVICE));
    const isOut = failures.length === signs.length;
    this.#inARow = isOut ? this.#inARow + 1 : 0;
    if (isOut) this.#last = failures.at(-1) ?? null;
  }
}

const hasCode = (error: Error | null, codes: ReadonlySet<ErrorCode>): error is SiteragError =>
  error instanceof SiteragError && codes.has(error.code);
