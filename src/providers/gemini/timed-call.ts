import { z } from "zod";
import type { Clock } from "../../words/types.ts";
import { malformed, timedOut, toCallFailure, type Way } from "./gemini-failure.ts";

/**
 * Makes one call within a time limit; aborting `signal` ends it at once. Throws CallFailure, or the
 * signal's reason.
 */
export type TimedCall = <Value>(
  call: (signal: AbortSignal) => Promise<Value>,
  timeoutMs: number,
  signal?: AbortSignal,
) => Promise<Value>;

/** Times calls on a clock. Removes the key from every message. */
export const timedCalls =
  (clock: Clock, way: Way): TimedCall =>
  async (call, timeoutMs, signal) => {
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
      if (timeout.signal.aborted) throw timedOut(timeoutMs, way);
      if (cause instanceof z.ZodError) throw malformed("has an unexpected shape", { cause });
      throw toCallFailure(cause, way);
    } finally {
      done.abort();
      await waiting;
    }
  };
