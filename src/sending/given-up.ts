import { SiteragError } from "../words/errors.ts";
import type { ErrorCode } from "../words/errors.ts";
import type { Clock, EmbeddingResult } from "../words/types.ts";

/** A text without an answer. */
export type NotOk =
  | {
      readonly status: "pending";
      readonly job: string | null;
      readonly reason: string;
      readonly error?: Error;
    }
  | { readonly status: "failed"; readonly error: Error };

/** Failures of which time, or the next run, is the cure. */
const WAITING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["QUOTA_OF_DAY", "BUDGET_REACHED"]);

/** A text for which day or budget has no request left waits; all else has failed. */
export const notOk = (error: Error): NotOk =>
  error instanceof SiteragError && WAITING.has(error.code)
    ? { status: "pending", job: null, reason: error.message, error }
    : { status: "failed", error };

/** What a deadline of the caller's leaves: no fault of the service. */
export class TooLate extends SiteragError {
  constructor() {
    super("TIMEOUT", "The deadline was reached before this text had an answer.");
  }
}

/** What an abort leaves. */
export const notSent = (): EmbeddingResult => ({ status: "failed", error: interrupted() });

export const interrupted = (options?: ErrorOptions): SiteragError =>
  new SiteragError("INTERRUPTED", "Interrupted before this text was sent.", options);

/**
 * Reason of a signal that ends the try under way, too: nobody is left to take the answer. Without it,
 * an aborted signal only keeps further tries from being made.
 */
export class NobodyWaits extends SiteragError {
  constructor() {
    super("INTERRUPTED", "Interrupted: nobody waits for this text any more.");
  }
}

/** How long somebody waits for a text. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** Longest wait, in milliseconds from the asking. Default `Infinity`. */
  readonly deadlineMs?: number | undefined;
}

/** An outcome, or that of giving up on it. */
export async function withPatience(
  outcome: Promise<EmbeddingResult>,
  { signal, deadlineMs = Number.POSITIVE_INFINITY }: Patience,
  clock: Clock,
): Promise<EmbeddingResult> {
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<EmbeddingResult>();
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
