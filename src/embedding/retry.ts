import type { Clock } from "../types.ts";
import { CallFailure } from "./call-failure.ts";

/** How often a failed call is tried again, and after which pauses. */
export interface RetryPolicy {
  /** Tries after the first one. */
  readonly retries: number;
  readonly firstMs: number;
  /** Each pause is this many times the one before. */
  readonly factor: number;
  readonly mostMs: number;
  /** Part of a pause that chance adds or takes away, so that many clients don't come back at once. */
  readonly jitter: number;
}

/** https://ai.google.dev/gemini-api/docs/troubleshooting asks for exponential backoff. */
export const RETRY_POLICY: RetryPolicy = {
  retries: 3,
  firstMs: 1000,
  factor: 2,
  mostMs: 32_000,
  jitter: 0.2,
};

/** Waits that the service itself asked for are no retries, but a call ends all the same. */
const MOST_HINTED_WAITS = 10;

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  /** Aborted: no further try; what it rejects with is its reason. */
  readonly signal: AbortSignal;
  /** Is told of each failure that may be retried, before anything else. */
  readonly onFailure: (failure: CallFailure) => void;
  /** Is told of each failure when it is over and another try begins; what it throws ends the tries. */
  readonly onRetry: (failure: CallFailure) => Promise<void>;
}

/** Tries until it works, the policy is exhausted, or a failure says that no try can help. */
export async function withRetries<Value>(
  attempt: () => Promise<Value>,
  { policy, clock, random, signal, onFailure, onRetry }: RetryOptions,
): Promise<Value> {
  let retries = 0;
  let hintedWaits = 0;
  for (;;) {
    signal.throwIfAborted();
    const outcome = await attempt().then(
      (value) => ({ value }),
      (cause: unknown) => ({ cause }),
    );
    if ("value" in outcome) return outcome.value;
    const { cause } = outcome;
    if (!(cause instanceof CallFailure) || cause.next !== "retry") throw cause;
    onFailure(cause);
    const isHinted = cause.retryAfterMs !== null && hintedWaits < MOST_HINTED_WAITS;
    if (!isHinted && retries >= policy.retries) throw cause;
    const pauseMs = isHinted ? cause.retryAfterMs : pauseOf(retries, policy, random());
    if (isHinted) hintedWaits += 1;
    else retries += 1;
    await clock.sleep(pauseMs, signal);
    await onRetry(cause);
  }
}

/** Pause before retry number `retries`, counted from 0; `chance` is from 0 up to 1. */
function pauseOf(
  retries: number,
  { firstMs, factor, mostMs, jitter }: RetryPolicy,
  chance: number,
): number {
  return Math.min(firstMs * factor ** retries, mostMs) * (1 + jitter * (2 * chance - 1));
}
