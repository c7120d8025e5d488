import { expect, test } from "vitest";
import { runPool } from "../../src/words/pool.ts";
import { deferred, settled } from "../sending/deferred.ts";
import type { Deferred } from "../sending/deferred.ts";

/** A pool over `count` items, each of which the test settles by hand. */
function startPool(count: number, size: number, signal?: AbortSignal) {
  const work: Deferred<void>[] = Array.from({ length: count }, () => deferred());
  const begun: number[] = [];
  const outcome: { value: unknown } = { value: "running" };
  const run = async (at: number): Promise<void> => {
    begun.push(at);
    await work[at]?.promise;
  };
  const end = runPool(work.keys(), size, run, signal).then(
    () => (outcome.value = "done"),
    (error: unknown) => (outcome.value = error),
  );
  return { work, begun, outcome, end };
}

test("no more than `size` are under way, and a free place is taken at once", async () => {
  const { work, begun, outcome, end } = startPool(5, 2);
  await settled();
  expect(begun).toEqual([0, 1]);
  work[1]?.resolve();
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  work[2]?.resolve();
  await settled();
  expect(begun).toEqual([0, 1, 2, 3]);
  work[0]?.resolve();
  work[3]?.resolve();
  await settled();
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(outcome.value).toBe("running");
  work[4]?.resolve();
  await end;
  expect(outcome.value).toBe("done");
});

test.for([
  { count: 0, size: 3 },
  { count: 2, size: 3 },
])("$count items in $size places are all done", async ({ count, size }) => {
  const { work, begun, outcome, end } = startPool(count, size);
  for (const one of work) one.resolve();
  await end;
  expect(begun).toHaveLength(count);
  expect(outcome.value).toBe("done");
});

test("an abort starts nothing more and awaits what is under way", async () => {
  const controller = new AbortController();
  const { work, begun, outcome, end } = startPool(4, 2, controller.signal);
  await settled();
  controller.abort();
  work[0]?.resolve();
  await settled();
  expect(begun).toEqual([0, 1]);
  expect(outcome.value).toBe("running");
  work[1]?.resolve();
  await end;
  expect(begun).toEqual([0, 1]);
  expect(outcome.value).toBe("done");
});

test("a signal that is aborted beforehand lets nothing start", async () => {
  const { begun, outcome, end } = startPool(3, 2, AbortSignal.abort());
  await end;
  expect(begun).toEqual([]);
  expect(outcome.value).toBe("done");
});

test("a failure starts nothing more and is thrown when the rest has settled", async () => {
  const { work, begun, outcome, end } = startPool(5, 3);
  await settled();
  const first = new Error("first");
  work[1]?.reject(first);
  await settled();
  work[0]?.resolve();
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  expect(outcome.value).toBe("running");
  work[2]?.reject(new Error("second"));
  await end;
  expect(begun).toEqual([0, 1, 2]);
  expect(outcome.value).toBe(first);
});

test("a failure of an empty reason is still a failure", async () => {
  const failing = runPool([1], 1, () => Promise.reject());
  await expect(failing).rejects.toBeUndefined();
});
