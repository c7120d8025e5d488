import { setImmediate as immediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";

test("the clock wakes sleepers in order, each at its time", async () => {
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

test("advancing wakes only the sleepers that are due", async () => {
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

test("an aborted sleep rejects with the signal's reason and does not move time", async () => {
  const clock = createVirtualClock();
  const controller = new AbortController();
  const reason = new Error("enough");
  const asleep = clock.sleep(1000, controller.signal);
  controller.abort(reason);
  await expect(asleep).rejects.toBe(reason);
  await expect(clock.sleep(1000, controller.signal)).rejects.toBe(reason);
  expect(clock.now()).toBe(0);
});

test("a held clock does not jump until every hold is released", async () => {
  const clock = createVirtualClock();
  const woken: number[] = [];
  clock.hold();
  clock.hold();
  const asleep = clock.sleep(100).then(() => woken.push(clock.now()));
  clock.release();
  await turns(5);
  expect(woken).toEqual([]);
  clock.release();
  await asleep;
  expect(woken).toEqual([100]);
});

test("a held clock can still be advanced", async () => {
  const clock = createVirtualClock();
  clock.hold();
  const asleep = clock.sleep(100);
  clock.advance(100);
  await asleep;
  expect(clock.now()).toBe(100);
});

test("a woken sleeper can hold the clock before the next one wakes", async () => {
  const clock = createVirtualClock();
  const woken: string[] = [];
  const first = clock.sleep(100).then(() => clock.hold());
  const second = clock.sleep(200).then(() => woken.push("second"));
  await first;
  await turns(5);
  expect(woken).toEqual([]);
  clock.release();
  await second;
  expect(clock.now()).toBe(200);
});

test("a release without a hold is refused", () => {
  expect(() => createVirtualClock().release()).toThrow("The virtual clock is not held.");
});

/** Waits for `count` turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await immediate();
}
