import { expect, test } from "vitest";
import { DayQuota } from "../../src/sending/day-quota.ts";
import type { DayCount, RequestsOfDay } from "../../src/sending/day-quota.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";

/** Noon of 23 November 2026 in Los Angeles, which is eight hours behind UTC in winter. */
const NOON = Date.parse("2026-11-23T20:00:00Z");
const HOUR_MS = 3_600_000;

function keeper(count: DayCount | null = null): RequestsOfDay & { kept: DayCount | null } {
  const made = {
    kept: count,
    read: async () => made.kept,
    write: async (written: DayCount) => {
      made.kept = written;
    },
  };
  return made;
}

test("takes what the day has left, and writes it down before it is sent", async () => {
  const quota = new DayQuota(100, createVirtualClock(NOON));
  const kept = keeper();
  expect(await quota.take(60, kept)).toBe(60);
  expect(kept.kept).toEqual({ day: "2026-11-23", requests: 60 });
  expect(await quota.take(60, kept)).toBe(40);
  expect(await quota.take(1, kept)).toBe(0);
  expect(kept.kept).toEqual({ day: "2026-11-23", requests: 100 });
});

test("goes on where an earlier process has stopped", async () => {
  const quota = new DayQuota(100, createVirtualClock(NOON));
  expect(await quota.take(60, keeper({ day: "2026-11-23", requests: 70 }))).toBe(30);
});

test("begins anew at midnight Pacific time", async () => {
  const clock = createVirtualClock(NOON);
  const quota = new DayQuota(100, clock);
  const kept = keeper();
  await quota.take(100, kept);
  clock.advance(12 * HOUR_MS - 1);
  expect(await quota.take(1, kept)).toBe(0);
  clock.advance(1);
  expect(await quota.take(1, kept)).toBe(1);
  expect(kept.kept).toEqual({ day: "2026-11-24", requests: 1 });
});

test("what is given back can be taken again, and is written down", async () => {
  const quota = new DayQuota(100, createVirtualClock(NOON));
  const kept = keeper();
  await quota.take(100, kept);
  await quota.giveBack(30, kept);
  expect(kept.kept).toEqual({ day: "2026-11-23", requests: 70 });
  expect(await quota.take(50, kept)).toBe(30);
});

test("what is given back when the service has said no counts for nothing", async () => {
  const quota = new DayQuota(100, createVirtualClock(NOON));
  const kept = keeper();
  await quota.take(50, kept);
  quota.exhaust();
  await quota.giveBack(50, kept);
  expect(await quota.take(1, kept)).toBe(0);
  expect(kept.kept).toEqual({ day: "2026-11-23", requests: 50 });
});

test("what is given back after midnight adds nothing to the new day", async () => {
  const clock = createVirtualClock(NOON);
  const quota = new DayQuota(100, clock);
  const kept = keeper();
  await quota.take(50, kept);
  clock.advance(12 * HOUR_MS);
  await quota.take(10, kept);
  await quota.giveBack(50, kept);
  expect(kept.kept).toEqual({ day: "2026-11-24", requests: 0 });
});

test("believes the service when it says that the day is over", async () => {
  const clock = createVirtualClock(NOON);
  const quota = new DayQuota(100, clock);
  quota.exhaust();
  expect(await quota.take(1, undefined)).toBe(0);
  clock.advance(12 * HOUR_MS);
  expect(await quota.take(1, undefined)).toBe(1);
});

test("takes asked at once never pass the limit together", async () => {
  const quota = new DayQuota(100, createVirtualClock(NOON));
  const kept = keeper();
  const taken = await Promise.all(Array.from({ length: 5 }, () => quota.take(30, kept)));
  expect(taken).toEqual([30, 30, 30, 10, 0]);
});

test("without a quota nothing is written", async () => {
  const kept = keeper();
  expect(await new DayQuota(Infinity, createVirtualClock()).take(5, kept)).toBe(5);
  expect(kept.kept).toBeNull();
});
