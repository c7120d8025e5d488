import { expect, test, vi } from "vitest";
import { sharedLoads } from "../../src/reader/shared-loads.ts";

/** Loads that a test ends by hand, in the order in which they began. */
function heldLoads() {
  const begun: { readonly signal: AbortSignal; readonly end: PromiseWithResolvers<string> }[] = [];
  const loads = sharedLoads((_, signal) => {
    const end = Promise.withResolvers<string>();
    signal.addEventListener("abort", () => end.reject(signal.reason));
    begun.push({ signal, end });
    return end.promise;
  });
  return { begun, loads };
}

test("two who want the same wait for one load, and the next one has it at once", async () => {
  const { begun, loads } = heldLoads();
  const both = [loads.get("a"), loads.get("a")];
  begun[0]?.end.resolve("A");
  expect(await Promise.all(both)).toEqual(["A", "A"]);
  expect(await loads.get("a")).toBe("A");
  expect(begun).toHaveLength(1);
});

test("a load that another one waits for goes on when one leaves", async () => {
  const { begun, loads } = heldLoads();
  const leaving = new AbortController();
  const left = loads.get("a", leaving.signal);
  const staying = loads.get("a");
  leaving.abort();
  await expect(left).rejects.toThrow("aborted");
  expect(begun[0]?.signal.aborted).toBe(false);
  begun[0]?.end.resolve("A");
  expect(await staying).toBe("A");
});

test("a load that nobody waits for is ended, and begins again when it is wanted again", async () => {
  const { begun, loads } = heldLoads();
  const leaving = new AbortController();
  const left = loads.get("a", leaving.signal);
  leaving.abort();
  await expect(left).rejects.toThrow("aborted");
  expect(begun[0]?.signal.aborted).toBe(true);
  const again = loads.get("a");
  begun[1]?.end.resolve("A");
  expect(await again).toBe("A");
});

test("who comes with an ended signal begins no load", async () => {
  const { begun, loads } = heldLoads();
  await expect(loads.get("a", AbortSignal.abort())).rejects.toThrow("aborted");
  expect(begun).toEqual([]);
});

test("a failed load is tried again", async () => {
  const load = vi
    .fn<() => Promise<string>>(async () => "A")
    .mockRejectedValueOnce(new Error("offline"));
  const loads = sharedLoads(load);
  await expect(loads.get("a")).rejects.toThrow("offline");
  expect(await loads.get("a")).toBe("A");
});

test("values that are not kept are loaded again", async () => {
  const load = vi.fn<(key: string) => Promise<string>>(async (key) => key);
  const loads = sharedLoads(load);
  for (const key of ["a", "b"]) await loads.get(key);
  loads.keep(new Set(["b"]));
  for (const key of ["a", "b"]) await loads.get(key);
  expect(load.mock.calls.map(([key]) => key)).toEqual(["a", "b", "a"]);
});
