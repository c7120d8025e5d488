import type { SiteragError } from "../words/errors.ts";
import type { Tokens } from "../words/plans.ts";

/**
 * What to do about a failed call. `retry`: try again after a pause. `split`: one of its texts may be
 * to blame, so send its halves. `fail`: no further try can help.
 */
export type NextStep = "retry" | "split" | "fail";

interface FailureDetails {
  readonly retryAfterMs?: number | null;
  readonly isLost?: boolean;
  readonly charged?: Tokens | null;
}

/** A failed call, and what to do next. */
export class CallFailure extends Error {
  /** The error to report when the call is given up. */
  readonly error: SiteragError;
  readonly next: NextStep;
  /** How long the service asks to wait, in milliseconds; such a wait does not count as a retry. */
  readonly retryAfterMs: number | null;
  /** The service may have done and charged the work, but its answer never arrived. */
  readonly isLost: boolean;
  /** Tokens that the service counted for an unusable answer; null: it said nothing. */
  readonly charged: Tokens | null;

  constructor(error: SiteragError, next: NextStep, details: FailureDetails = {}) {
    super(error.message, { cause: error });
    this.name = "CallFailure";
    this.error = error;
    this.next = next;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.isLost = details.isLost ?? false;
    this.charged = details.charged ?? null;
  }
}

/** The same failure with another error to report. */
export const reportedAs = (failure: CallFailure, error: SiteragError): CallFailure =>
  new CallFailure(error, failure.next, failure);
