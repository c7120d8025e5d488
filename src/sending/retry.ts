import type { Clock } from "../words/types.ts";
import { CallFailure } from "./call-failure.ts";
import type { Turn } from "./turns.ts";

/** The block `calls` of the configuration. */
export interface CallOptions {
  /** Longest time for one try, in milliseconds. */
  readonly timeoutMs: number;
  /** Tries after the first one. */
  readonly maxRetries: number;
  /** Pause before the first retry, in milliseconds; each pause is twice the one before. */
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  /** Largest random share of a pause, added or taken away: many clients do not return at once. */
  readonly jitter: number;
}

/**
 * How often a failed call is retried, and after which pauses:
 * https://ai.google.dev/gemini-api/docs/troubleshooting asks for exponential backoff.
 */
export type RetryPolicy = Omit<CallOptions, "timeoutMs">;

/** A wait that the service asks for is no retry; after this many, it counts as one. */
const MOST_HINTED_WAITS = 10;

/** If the service asks for a longer wait, the call fails: a build cannot stand still that long. */
const LONGEST_HINTED_WAIT_MS = 300_000;

/** A retry that is about to begin. */
export interface Retry {
  /** Number of this retry, hinted waits included; the first is 1. */
  readonly attempt: number;
  /** Pause before it. */
  readonly delayMs: number;
  readonly failure: CallFailure;
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  /** Once aborted, no further try begins, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** No try begins later. Milliseconds since the epoch on the clock. Default never. */
  readonly until?: number | undefined;
  /** Each try is made in its turn. After a failed one others may go first; the caller ends it. */
  readonly turn?: Turn | undefined;
  /** Is told of each failure that may be retried, before the decision to do so. */
  readonly onFailure?: (failure: CallFailure) => void;
  /** Is told of each retry, before its pause. */
  readonly onRetry?: (retry: Retry) => void;
}

/**
 * Tries until a try succeeds, the policy is exhausted, or a failure cannot be retried. Each try is
 * told the failure of the one before it.
 */
export async function withRetries<Value>(
  attempt: (failed: CallFailure | null) => Promise<Value>,
  options: RetryOptions,
): Promise<Value> {
  const { policy, clock, random, signal, until = Number.POSITIVE_INFINITY } = options;
  let failed: CallFailure | null = null;
  let retries = 0;
  let hintedWaits = 0;
  for (;;) {
    signal?.throwIfAborted();
    await options.turn?.begin(signal);
    try {
      return await attempt(failed);
    } catch (cause) {
      options.turn?.end();
      failed = retryable(cause);
    }
    options.onFailure?.(failed);
    const hintMs = failed.retryAfterMs;
    const isHinted = hintMs !== null && hintedWaits < MOST_HINTED_WAITS;
    if (!isHinted && retries >= policy.maxRetries) throw failed;
    const delayMs = isHinted ? hintMs : pauseOf(retries, policy, random());
    if (clock.now() + delayMs > until) throw failed;
    if (isHinted) hintedWaits += 1;
    else retries += 1;
    options.onRetry?.({ attempt: retries + hintedWaits, delayMs, failure: failed });
    await clock.sleep(delayMs, signal);
  }
}

/** Throws what cannot be retried. */
function retryable(cause: unknown): CallFailure {
  if (!(cause instanceof CallFailure) || cause.next !== "retry") throw cause;
  if ((cause.retryAfterMs ?? 0) > LONGEST_HINTED_WAIT_MS) throw cause;
  return cause;
}

/** Pause after so many retries; `chance` is from 0 up to 1. */
function pauseOf(
  retries: number,
  { initialBackoffMs, maxBackoffMs, jitter }: RetryPolicy,
  chance: number,
): number {
  return Math.min(initialBackoffMs * 2 ** retries, maxBackoffMs) * (1 + jitter * (2 * chance - 1));
}
