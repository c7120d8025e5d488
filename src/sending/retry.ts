import type { Clock } from "../words/types.ts";
import { CallFailure } from "./call-failure.ts";

/** The block `calls` of the configuration. */
export interface CallOptions {
  /** Longest time for one try, in milliseconds. */
  readonly timeoutMs: number;
  /** Tries after the first one. */
  readonly maxRetries: number;
  /** Pause before the first of them, in milliseconds; each pause is twice the one before. */
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  /** Share of a pause that chance adds or takes away, so that many clients don't come back at once. */
  readonly jitter: number;
}

/**
 * How often a failed call is tried again, and after which pauses:
 * https://ai.google.dev/gemini-api/docs/troubleshooting asks for exponential backoff.
 */
export type RetryPolicy = Omit<CallOptions, "timeoutMs">;

/** Waits that the service itself asked for are no retries, but a call ends all the same. */
const MOST_HINTED_WAITS = 10;

/** Whoever is asked to come back later than that fails: a build does not stand still for so long. */
const LONGEST_HINTED_WAIT_MS = 300_000;

/** A further try that is about to come. */
interface Retry {
  /** Tries after the first one, this one included. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly failure: CallFailure;
}

/** How to try again. */
export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  /** Aborted: no further try; what it rejects with is its reason. */
  readonly signal: AbortSignal;
  /** On the clock, in milliseconds since the epoch: no further try begins later. Default never. */
  readonly until?: number | undefined;
  /** Is told of each failure that may be retried, before anything else. */
  readonly onFailure: (failure: CallFailure) => void;
  /** Is told of each pause before a further try. */
  readonly onRetry?: (retry: Retry) => void;
}

/**
 * Tries until it works, the policy is exhausted, or a failure says that no try can help. Each try is
 * told of the failure before it.
 */
export async function withRetries<Value>(
  attempt: (failed: CallFailure | null) => Promise<Value>,
  {
    policy,
    clock,
    random,
    signal,
    until = Number.POSITIVE_INFINITY,
    onFailure,
    onRetry,
  }: RetryOptions,
): Promise<Value> {
  let failed: CallFailure | null = null;
  let retries = 0;
  let hintedWaits = 0;
  for (;;) {
    signal.throwIfAborted();
    const outcome: { value: Value } | { cause: unknown } = await attempt(failed).then(
      (value) => ({ value }),
      (cause: unknown) => ({ cause }),
    );
    if ("value" in outcome) return outcome.value;
    const cause: unknown = outcome.cause;
    if (!(cause instanceof CallFailure) || cause.next !== "retry") throw cause;
    if ((cause.retryAfterMs ?? 0) > LONGEST_HINTED_WAIT_MS) throw cause;
    onFailure(cause);
    const isHinted = cause.retryAfterMs !== null && hintedWaits < MOST_HINTED_WAITS;
    if (!isHinted && retries >= policy.maxRetries) throw cause;
    const pauseMs = isHinted ? cause.retryAfterMs : pauseOf(retries, policy, random());
    if (clock.now() + pauseMs > until) throw cause;
    if (isHinted) hintedWaits += 1;
    else retries += 1;
    onRetry?.({ attempt: retries + hintedWaits, delayMs: pauseMs, failure: cause });
    await clock.sleep(pauseMs, signal);
    failed = cause;
  }
}

/** Pause before retry number `retries`, counted from 0; `chance` is from 0 up to 1. */
function pauseOf(
  retries: number,
  { initialBackoffMs, maxBackoffMs, jitter }: RetryPolicy,
  chance: number,
): number {
  return Math.min(initialBackoffMs * 2 ** retries, maxBackoffMs) * (1 + jitter * (2 * chance - 1));
}
