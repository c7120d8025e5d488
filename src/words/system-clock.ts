import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "./types.ts";

/** Node's longest timer; a longer one fires at once. https://nodejs.org/api/timers.html */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. `sleep(Infinity)` lasts until its signal aborts it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    for (let leftMs = ms; leftMs >= 0; leftMs -= LONGEST_TIMER_MS) {
      await wait(Math.min(leftMs, LONGEST_TIMER_MS), undefined, { signal }).catch(
        (cause: unknown) => {
          throw signal?.aborted === true ? signal.reason : cause;
        },
      );
    }
  },
};
