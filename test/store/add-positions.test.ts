import { afterEach, expect, test, vi } from "vitest";
import { Meta } from "../../src/store/meta.ts";
import { withReader } from "../../src/store/index-reader.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import { takePositions } from "../support/other-version.ts";
import { axis, rowOf } from "./open-database.ts";
import { newTarget, published, textsIn, write } from "./target.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** An index whose chunks have no positions. */
async function oldTarget(): Promise<StoreTarget> {
  const target = await newTarget();
  await write(target, async ({ chunks, pages }) => {
    await chunks.append([rowOf("a", { startLine: 7 }), rowOf("b", { vector: null })]);
    await pages.write(
      [{ page: "page.md", key: "key", chunks: 2, corrections: null, verdict: null }],
      [],
    );
    await chunks.publish(published);
  });
  await takePositions(target);
  return target;
}

const positionsIn = (target: StoreTarget) =>
  withReader(target, async (reader) =>
    (await reader.nearest(axis(0), 10)).map(({ row }) => [row.id, row.position]),
  );

test("a reader takes the line of a chunk without a position for its position", async () => {
  expect(await positionsIn(await oldTarget())).toEqual([["a", 7]]);
});

test("a chunk without a position gets one, and keeps its vector", async () => {
  const target = await oldTarget();
  const warning = await write(target, async (store) => {
    expect(await positionsIn(target)).toEqual([["a", 7]]);
    expect(await store.chunks.untouched()).toMatchObject({ search: null });
    await store.chunks.write([rowOf("b")], []);
    await store.chunks.publish(published);
    return store.warning;
  });
  expect(warning).toBeNull();
  expect(await textsIn(target)).toEqual(["text of a", "text of b"]);
  expect(await positionsIn(target)).toEqual([
    ["a", 7],
    ["b", 0],
  ]);
});

test("a reader that the first run overtakes begins again, with the new columns", async () => {
  const target = await oldTarget();
  let tries = 0;
  const found = await withReader(target, async (reader) => {
    tries += 1;
    if (tries === 1)
      await write(target, async ({ chunks }) => {
        await chunks.write([rowOf("b")], []);
        await chunks.publish(published);
      });
    return (await reader.nearest(axis(0), 10)).map(({ row }) => row.id);
  });
  expect([found, tries]).toEqual([["a", "b"], 2]);
});

test("a run that dies before it has published the columns leaves it to the next", async () => {
  const target = await oldTarget();
  vi.spyOn(Meta.prototype, "publish").mockRejectedValueOnce(new Error("The process died."));
  await expect(write(target, async () => undefined)).rejects.toThrow("died");
  await write(target, async () => undefined);
  expect(await positionsIn(target)).toEqual([["a", 7]]);
});
