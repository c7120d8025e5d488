import { SiteragError, type ErrorCode } from "../words/errors.ts";
import type { Clock, Unfinished } from "../words/types.ts";

/** Failures that time, or the next run, cures. */
const WAITING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["QUOTA_OF_DAY", "BUDGET_REACHED"]);

/** A text for which day or budget has no request left waits; every other one has failed. */
export const unfinished = (error: Error): Unfinished =>
  error instanceof SiteragError && WAITING.has(error.code)
    ? { status: "pending", job: null, reason: error.message, error }
    : { status: "failed", error };

/** The caller's deadline passed: no fault of the service. */
export class TooLate extends SiteragError {
  constructor() {
    super("TIMEOUT", "The deadline was reached before this text had an answer.");
  }
}

/** What an abort leaves. */
export const notSent = (): Unfinished => ({ status: "failed", error: interrupted() });

export const interrupted = (options?: ErrorOptions): SiteragError =>
  new SiteragError("INTERRUPTED", "Interrupted before this text was sent.", options);

/**
 * Reason of a signal that ends the try under way, too: nobody is left to take the answer. An aborted
 * signal with any other reason only keeps further tries from being made.
 */
export class NobodyWaits extends SiteragError {
  constructor() {
    super("INTERRUPTED", "Interrupted: nobody waits for this text any more.");
  }
}

/** How long somebody waits for a text. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** Longest wait, in milliseconds from the request. Default `Infinity`. */
  readonly deadlineMs?: number | undefined;
}

/** The outcome of a text, or `Unfinished` when the caller's patience ends first. */
export async function withPatience<Outcome>(
  outcome: Promise<Outcome>,
  { signal, deadlineMs = Number.POSITIVE_INFINITY }: Patience,
  clock: Clock,
): Promise<Outcome | Unfinished> {
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<Unfinished>();
  const done = new AbortController();
  signal?.addEventListener("abort", () => giveUp(notSent()), { signal: done.signal });
  if (deadlineMs < Number.POSITIVE_INFINITY) {
    clock.sleep(deadlineMs, done.signal).then(
      () => giveUp({ status: "failed", error: new TooLate() }),
      () => undefined,
    );
  }
  try {
    return await Promise.race([outcome, givenUp]);
  } finally {
    done.abort();
  }
}
