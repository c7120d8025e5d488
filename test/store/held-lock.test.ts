import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HeldLock } from "../../src/store/held-lock.ts";
import type { Lock } from "../../src/store/held-lock.ts";
import { timeOfDay } from "../../src/words/amounts.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const never = (): Promise<never> => new Promise(() => undefined);

const clock = createVirtualClock();

/** A lock that is free, and renewed and released at once. */
const lockWith = (changes: Partial<Lock>): Lock => ({
  clock,
  tryTake: async () => true,
  retryMs: 200,
  holder: async () => "process 7 on elsewhere",
  refusal: async () => new SiteragError("STORE_LOCKED", "Another run has it."),
  expiresMs: 60_000,
  renewAfterMs: 10_000,
  renew: async () => true,
  release: async () => undefined,
  ...changes,
});

test("a store that never answers when the lock is taken ends the wait", async () => {
  const [taken] = await Promise.allSettled([
    HeldLock.take(lockWith({ tryTake: never })),
    vi.advanceTimersByTimeAsync(30_000),
  ]);
  expect(taken).toMatchObject({
    reason: {
      code: "STORE_FAILED",
      message: expect.stringContaining("did not answer for 30 s"),
    },
  });
});

test("a renewal that never answers ends the wait of a write, and the run", async () => {
  const lock = await HeldLock.take(lockWith({ renew: never }));
  clock.advance(45_000);
  const waited = [lock.check(), vi.advanceTimersByTimeAsync(30_000)];
  const [checked] = await Promise.allSettled(waited);
  expect(checked).toMatchObject({ reason: { code: "STORE_LOCKED" } });
  expect(lock.signal.reason).toMatchObject({ code: "STORE_LOCKED" });
  await lock.release();
});

test("a release that never answers ends the run", async () => {
  const lock = await HeldLock.take(lockWith({ release: never }));
  const waited = [lock.release(), vi.advanceTimersByTimeAsync(30_000)];
  const [released] = await Promise.allSettled(waited);
  expect(released).toMatchObject({ reason: { code: "STORE_FAILED" } });
});

test("a wait of over two seconds is told once, with the holder and the end of the wait", async () => {
  const told: string[] = [];
  const waiting = createVirtualClock(Date.parse("2030-01-01T12:00:00"));
  const busy = lockWith({ clock: waiting, tryTake: async () => false });
  const taking = HeldLock.take(busy, undefined, (line) => {
    told.push(`${timeOfDay(waiting.now())} ${line}`);
  });
  await expect(taking).rejects.toMatchObject({ code: "STORE_LOCKED" });
  expect(told).toEqual([
    "12:00:02 Waiting for process 7 on elsewhere to finish writing (until 12:00:30).",
  ]);
});
