import { expect, test } from "vitest";
import { AdaptiveConcurrency } from "../../src/sending/adaptive-concurrency.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { deferred, settled } from "./deferred.ts";

const clock = createVirtualClock();
const never = new AbortController().signal;

/** Starts pieces of work that end when they are told to. */
function working(gate: AdaptiveConcurrency) {
  const started: number[] = [];
  const work: (() => void)[] = [];
  const add = (signal = never): Promise<void> => {
    const at = work.length;
    const end = deferred();
    work.push(end.resolve);
    return gate.run(() => {
      started.push(at);
      return end.promise;
    }, signal);
  };
  return { add, started, end: (at: number) => work[at]?.() };
}

test("so many run at once, and the next begins when one has ended, in order", async () => {
  const { add, started, end } = working(new AdaptiveConcurrency({ most: 2, maxQueued: 10, clock }));
  const all = [add(), add(), add(), add()];
  await settled();
  expect(started).toEqual([0, 1]);
  end(1);
  await settled();
  expect(started).toEqual([0, 1, 2]);
  for (const at of [0, 2, 3]) end(at);
  await Promise.all(all);
  expect(started).toEqual([0, 1, 2, 3]);
});

test("what finds the queue full is refused, typed", async () => {
  const { add, end } = working(new AdaptiveConcurrency({ most: 1, maxQueued: 1, clock }));
  const all = [add(), add()];
  await expect(add()).rejects.toMatchObject({ code: "POOL_EXHAUSTED" });
  for (const at of [0, 1]) end(at);
  await Promise.all(all);
});

test("a complaint halves the number, and as many good calls in a row give one back", async () => {
  const gate = new AdaptiveConcurrency({ most: 5, maxQueued: 10, clock });
  const sizes = [gate.size];
  const note = (change: () => void): void => {
    change();
    sizes.push(gate.size);
  };
  for (let at = 0; at < 3; at++) note(() => gate.slowDown(gate.halvings));
  for (let at = 0; at < 12; at++) note(() => gate.speedUp());
  expect(sizes).toEqual([5, 2, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5]);
});

test("complaints of calls from before the last halving are of no new trouble", () => {
  const gate = new AdaptiveConcurrency({ most: 16, maxQueued: 10, clock });
  const { halvings } = gate;
  for (let call = 0; call < 16; call++) gate.slowDown(halvings);
  expect(gate.size).toBe(8);
  gate.slowDown(gate.halvings);
  expect(gate.size).toBe(4);
});

test("what was admitted before is never refused", async () => {
  const gate = new AdaptiveConcurrency({ most: 1, maxQueued: 0, clock });
  const first = deferred();
  const running = gate.run(() => first.promise, never);
  const again = gate.run(async () => "again", never, { isAdmitted: true });
  first.resolve();
  await running;
  expect(await again).toBe("again");
});

test("work that fails gives its place back", async () => {
  const gate = new AdaptiveConcurrency({ most: 1, maxQueued: 1, clock });
  await expect(gate.run(() => Promise.reject(new Error("no")), never)).rejects.toThrow("no");
  expect(await gate.run(async () => "yes", never)).toBe("yes");
});

test("who is aborted in the queue leaves it", async () => {
  const { add, started, end } = working(new AdaptiveConcurrency({ most: 1, maxQueued: 1, clock }));
  const controller = new AbortController();
  const first = add();
  const second = add(controller.signal);
  controller.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  const third = add();
  end(0);
  end(2);
  await Promise.all([first, third]);
  expect(started).toEqual([0, 2]);
});

test("a watcher sees how places were used since it came, and how many waited at once", async () => {
  const time = createVirtualClock(1000);
  const gate = new AdaptiveConcurrency({ most: 2, maxQueued: 10, clock: time });
  const { add, end } = working(gate);
  const first = [add(), add()];
  time.advance(100);
  const use = gate.watch();
  const waiting = [add(), add(), add()];
  time.advance(100);
  for (const at of [0, 1]) end(at);
  await settled();
  const late = gate.watch();
  end(2);
  await settled();
  time.advance(50);
  for (const at of [3, 4]) end(at);
  await Promise.all([...first, ...waiting]);
  expect(use()).toEqual({ busyMs: 300, availableMs: 300, longestQueue: 3 });
  const last = add();
  time.advance(70);
  end(5);
  await last;
  expect(late()).toEqual({ busyMs: 170, availableMs: 240, longestQueue: 1 });
});

test("its state tells who works, who waits, and how much of the places was used while any was", async () => {
  const time = createVirtualClock(1000);
  const gate = new AdaptiveConcurrency({ most: 2, maxQueued: 10, clock: time });
  const { add, end } = working(gate);
  const all = [add(), add(), add()];
  expect(gate.state).toMatchObject({ size: 2, active: 2, queueLength: 1, utilisation: 0 });
  time.advance(100);
  end(0);
  end(1);
  await settled();
  time.advance(100);
  end(2);
  await Promise.all(all);
  time.advance(1000);
  expect(gate.state).toEqual({ size: 2, active: 0, queueLength: 0, utilisation: 0.75 });
});
