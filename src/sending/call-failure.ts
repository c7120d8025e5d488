import type { SiteragError } from "../words/errors.ts";

/**
 * What to do about a failed call. `retry`: try again after a pause. `split`: one of its texts may be
 * to blame, so send its halves. `fail`: nothing helps.
 */
export type NextStep = "retry" | "split" | "fail";

/** A call that failed, and how to go on. */
export class CallFailure extends Error {
  /** What is reported when nothing helps. */
  readonly error: SiteragError;
  readonly next: NextStep;
  /** The service said how long to wait, in milliseconds; such a wait is no retry. */
  readonly retryAfterMs: number | null;
  /** The work may have been done and billed, but its answer never came. */
  readonly isLost: boolean;

  constructor(
    error: SiteragError,
    next: NextStep,
    {
      retryAfterMs = null,
      isLost = false,
    }: { retryAfterMs?: number | null; isLost?: boolean } = {},
  ) {
    super(error.message, { cause: error });
    this.name = "CallFailure";
    this.error = error;
    this.next = next;
    this.retryAfterMs = retryAfterMs;
    this.isLost = isLost;
  }
}
