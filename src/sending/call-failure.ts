import type { SiteragError } from "../words/errors.ts";
import type { Tokens } from "../words/plans.ts";

/**
 * What to do about a failed call. `retry`: try again after a pause. `split`: one of its texts may be
 * to blame, so send its halves. `fail`: nothing helps.
 */
export type NextStep = "retry" | "split" | "fail";

interface FailureDetails {
  readonly retryAfterMs?: number | null;
  readonly isLost?: boolean;
  readonly charged?: Tokens | null;
}

/** A call that failed, and how to go on. */
export class CallFailure extends Error {
  /** What is reported when nothing helps. */
  readonly error: SiteragError;
  readonly next: NextStep;
  /** The service said how long to wait, in milliseconds; such a wait is no retry. */
  readonly retryAfterMs: number | null;
  /** The work may have been done and charged, but its answer never came. */
  readonly isLost: boolean;
  /** The service counted so many tokens, although its answer cannot be used; null: it said nothing. */
  readonly charged: Tokens | null;

  constructor(
    error: SiteragError,
    next: NextStep,
    { retryAfterMs = null, isLost = false, charged = null }: FailureDetails = {},
  ) {
    super(error.message, { cause: error });
    this.name = "CallFailure";
    this.error = error;
    this.next = next;
    this.retryAfterMs = retryAfterMs;
    this.isLost = isLost;
    this.charged = charged;
  }
}

/** The same failure with another error to report. */
export const reportedAs = (
  { next, retryAfterMs, isLost, charged }: CallFailure,
  error: SiteragError,
): CallFailure => new CallFailure(error, next, { retryAfterMs, isLost, charged });
