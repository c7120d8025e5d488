import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HeldLock } from "../../src/store/held-lock.ts";
import type { Lock } from "../../src/store/held-lock.ts";
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
  refusal: async () => new SiteragError("STORE_LOCKED", "Another run has it."),
  expiresMs: 60_000,
  renewAfterMs: 10_000,
  renew: async () => true,
  release: async () => undefined,
  ...changes,
});

test("a store that never answers when the lock is taken ends the wait", async () => {
  const refused = expect(HeldLock.take(lockWith({ tryTake: never }))).rejects.toMatchObject({
    code: "STORE_FAILED",
    message: expect.stringContaining("did not answer for 30 s"),
  });
  await vi.advanceTimersByTimeAsync(30_000);
  await refused;
});

test("a renewal that never answers ends the wait of a write, and the run", async () => {
  const lock = await HeldLock.take(lockWith({ renew: never }));
  clock.advance(45_000);
  const refused = expect(lock.check()).rejects.toMatchObject({ code: "STORE_LOCKED" });
  await vi.advanceTimersByTimeAsync(30_000);
  await refused;
  expect(lock.signal.reason).toMatchObject({ code: "STORE_LOCKED" });
  await lock.release();
});

test("a release that never answers ends the run", async () => {
  const lock = await HeldLock.take(lockWith({ release: never }));
  const refused = expect(lock.release()).rejects.toMatchObject({ code: "STORE_FAILED" });
  await vi.advanceTimersByTimeAsync(30_000);
  await refused;
});
