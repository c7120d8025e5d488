import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { systemClock } from "../../src/words/system-clock.ts";

test.each([Number.POSITIVE_INFINITY, 2 ** 31, 1e15])(
  "a sleep of %s ms lasts until it is aborted, and rejects with the reason",
  async (ms) => {
    const stop = new AbortController();
    const woke = vi.fn<() => void>();
    const sleeping = systemClock.sleep(ms, stop.signal).then(woke);
    const until = Date.now() + 20;
    while (Date.now() < until) await setImmediate();
    expect(woke).not.toHaveBeenCalled();
    const reason = new Error("enough");
    stop.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  },
);

test("a sleep with an aborted signal rejects at once", async () => {
  const reason = new Error("enough");
  await expect(systemClock.sleep(1e9, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test("a sleep of 0 ms ends", async () => {
  await expect(systemClock.sleep(0)).resolves.toBeUndefined();
});
