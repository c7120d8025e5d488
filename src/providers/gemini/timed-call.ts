import { z } from "zod";
import type { Clock } from "../../words/types.ts";
import { malformed, timedOut, toCallFailure } from "./gemini-failure.ts";

export interface TimedCallOptions {
  readonly clock: Clock;
  /** Longest time that the call may take. */
  readonly timeoutMs: number;
  /** Is taken out of whatever the service says. */
  readonly apiKey: string;
  /** Aborted: the call ends at once, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes one call that ends in time. Throws CallFailure for all that goes wrong. */
export async function timedCall<Value>(
  call: (signal: AbortSignal) => Promise<Value>,
  { clock, timeoutMs, apiKey, signal }: TimedCallOptions,
): Promise<Value> {
  const timeout = new AbortController();
  const done = new AbortController();
  const waiting = clock.sleep(timeoutMs, done.signal).then(
    () => timeout.abort(),
    () => undefined,
  );
  const end = signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, signal]);
  try {
    return await call(end);
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    if (timeout.signal.aborted) throw timedOut(timeoutMs);
    if (cause instanceof z.ZodError) throw malformed("has another shape", { cause });
    throw toCallFailure(cause, apiKey);
  } finally {
    done.abort();
    await waiting;
  }
}
