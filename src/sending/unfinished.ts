import { SiteragError, type ErrorCode } from "../words/errors.ts";
import type { Clock, Unfinished } from "../words/types.ts";

/** The text waits for a later run. */
const WAITING: ReadonlySet<ErrorCode> = new Set(["QUOTA_OF_DAY", "BUDGET_REACHED"]);

/** The outcome of a text with an error: pending if day or budget had no room for it, else failed. */
export const unfinished = (error: Error): Unfinished =>
  error instanceof SiteragError && WAITING.has(error.code)
    ? { status: "pending", job: null, reason: error.message, error }
    : { status: "failed", error };

/** The caller's deadline passed; the service may be well. */
export class TooLate extends SiteragError {
  constructor() {
    super("TIMEOUT", "The deadline passed before this text had an answer.");
  }
}

/** The outcome of a text that an abort left unsent. */
export const notSent = (): Unfinished => ({ status: "failed", error: interrupted() });

export const interrupted = (options?: ErrorOptions): SiteragError =>
  new SiteragError("INTERRUPTED", "Interrupted before this text had its answer.", options);

/**
 * The abort reason that ends the current try, too, because nobody is left to take the answer. With any
 * other reason, the current try has a few seconds left, and no further one begins.
 */
export class NobodyWaits extends SiteragError {
  constructor() {
    super("INTERRUPTED", "Interrupted: the caller no longer waits for this text.");
  }
}

/** How long a caller waits for a text. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** Longest wait, in milliseconds from the request. Default `Infinity`. */
  readonly deadlineMs?: number | undefined;
}

/** The outcome of a text, or `Unfinished` once the caller no longer waits. */
export async function withPatience<Outcome>(
  outcome: Promise<Outcome>,
  { signal, deadlineMs = Number.POSITIVE_INFINITY }: Patience,
  clock: Clock,
): Promise<Outcome | Unfinished> {
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<Unfinished>();
  const done = new AbortController();
  signal?.addEventListener("abort", () => giveUp(notSent()), { signal: done.signal });
  if (signal?.aborted === true) giveUp(notSent());
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
