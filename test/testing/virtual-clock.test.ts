import { expect, test } from "vitest";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";

test("left alone, it wakes sleepers in order of time, at their time", async () => {
  const clock = createVirtualClock(1000);
  const woken: (readonly [string, number])[] = [];
  const sleeper = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms);
    woken.push([name, clock.now()]);
  };
  await Promise.all([sleeper("late", 500), sleeper("early", 20), sleeper("middle", 300)]);
  expect(woken).toEqual([
    ["early", 1020],
    ["middle", 1300],
    ["late", 1500],
  ]);
});

test("advancing wakes who is due and nobody else", async () => {
  const clock = createVirtualClock();
  const woken: string[] = [];
  const due = clock.sleep(100).then(() => woken.push("due"));
  const later = clock.sleep(101).then(() => woken.push("later"));
  clock.advance(100);
  await due;
  expect(woken).toEqual(["due"]);
  expect(clock.now()).toBe(100);
  await later;
  expect(clock.now()).toBe(101);
});

test("an aborted sleep rejects with the signal's reason and moves no time", async () => {
  const clock = createVirtualClock();
  const controller = new AbortController();
  const reason = new Error("enough");
  const asleep = clock.sleep(1000, controller.signal);
  controller.abort(reason);
  await expect(asleep).rejects.toBe(reason);
  await expect(clock.sleep(1000, controller.signal)).rejects.toBe(reason);
  expect(clock.now()).toBe(0);
});
