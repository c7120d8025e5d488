import { expect, test } from "vitest";
import { HeldModel } from "../../../src/providers/local/held-model.ts";
import type { LoadedModel } from "../../../src/providers/local/load-model.ts";

/** A model that counts how often it was released, and loads when it is told. */
function modelByHand() {
  const loading = Promise.withResolvers<LoadedModel>();
  const counts = { loads: 0, releases: 0 };
  const model: LoadedModel = {
    contextTokens: 8,
    endTokens: 1,
    encode: () => [1, 2],
    run: async (texts) => texts.map(() => Float32Array.of(1)),
    release: async () => {
      counts.releases += 1;
    },
  };
  const load = (): Promise<LoadedModel> => {
    counts.loads += 1;
    return loading.promise;
  };
  return { load, counts, finish: () => loading.resolve(model), fail: loading.reject };
}

test("a model stays in memory until the work with it ends", async () => {
  const { counts, finish, load } = modelByHand();
  const held = new HeldModel(load);
  const work = Promise.withResolvers<string>();
  const using = held.use(() => work.promise, undefined);
  finish();
  await held.open();
  const released = held.release();
  expect(counts).toEqual({ loads: 1, releases: 0 });
  work.resolve("done");
  await released;
  expect(await using).toBe("done");
  expect(counts).toEqual({ loads: 1, releases: 1 });
});

test("who no longer waits for a load leaves; its model is released when it ends", async () => {
  const { counts, finish, load } = modelByHand();
  const held = new HeldModel(load);
  const controller = new AbortController();
  const using = held.use(async () => "done", controller.signal);
  controller.abort(new Error("enough"));
  await expect(using).rejects.toThrow("enough");
  await held.release();
  expect(counts).toEqual({ loads: 1, releases: 0 });
  finish();
  await expect.poll(() => counts.releases).toBe(1);
});

test("after a load that failed, the next use loads again", async () => {
  const { counts, fail, load } = modelByHand();
  const held = new HeldModel(load);
  fail(new Error("no file"));
  await expect(held.use(async () => "done", undefined)).rejects.toThrow("no file");
  await expect(held.open()).rejects.toThrow("no file");
  expect(counts).toEqual({ loads: 2, releases: 0 });
});
