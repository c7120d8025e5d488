import type { Clock } from "../words/types.ts";

/** A stopped process must end within five seconds, with the answers in the store, and storing takes time. */
const GRACE_MS = 2_500;

/** How a call that outlives a stop is ended. */
export interface Grace {
  readonly clock: Clock;
  /** Aborted: the call has ended by itself. */
  readonly done: AbortSignal;
  readonly cut: () => void;
}

/** Gives a call in progress a few seconds after `signal` is aborted, then cuts it off. */
export function cutAfterGrace(signal: AbortSignal, { clock, done, cut }: Grace): void {
  const wait = (): void => {
    clock.sleep(GRACE_MS, done).then(cut, () => undefined);
  };
  if (signal.aborted) wait();
  else signal.addEventListener("abort", wait, { signal: done });
}
