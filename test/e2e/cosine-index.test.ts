import * as lancedb from "@lancedb/lancedb";
import { expect, test } from "vitest";
import { withReader } from "../../src/store/index-reader.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import { rowOf, space } from "../store/open-database.ts";
import { remainsIn } from "../support/store-remains.ts";
import { newTarget, published, write } from "../store/target.ts";

const own = { ...space, dimensions: 16 };

/** A direction that looks random but is the same in each run. */
function direction(seed: number): Float32Array {
  let state = Math.imul(seed * 2 + 1, 0x9e3779b1);
  const numbers = Float32Array.from({ length: 16 }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return (state >> 8) / 2 ** 23;
  });
  return numbers.map((number) => number / Math.hypot(...numbers));
}

const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => {
    const locale = (from + at) % 500 === 0 ? "de" : "en";
    return rowOf(`row ${from + at}`, { vector: direction(from + at), locale });
  });

async function indexedColumns(target: StoreTarget): Promise<string[]> {
  const table = await (await lancedb.connect(target.uri)).openTable(target.index);
  return (await table.listIndices()).flatMap(({ columns }) => columns);
}

const find = (target: StoreTarget, where?: string) =>
  withReader(target, async (reader) =>
    (await reader.nearest(direction(0.5), 20, where)).map(
      ({ row, score }) => [row.id, Number(score.toFixed(5))] as const,
    ),
  );

test("a table of 10,000 rows gets a cosine index, which changes no hit, order or score", async () => {
  const target = await newTarget();
  await write(
    target,
    async ({ chunks }) => {
      await chunks.append(rows(0, 9_999));
      await chunks.publish(published);
      expect(await indexedColumns(target)).not.toContain("vector");
    },
    own,
  );
  const before = [await find(target), await find(target, "locale = 'de'")];
  const far = direction(0.5).map((number) => -number);
  await write(
    target,
    async ({ chunks }) => {
      await chunks.append([rowOf("far", { vector: far })]);
      await chunks.publish(published);
      expect(await indexedColumns(target)).toContain("vector");
    },
    own,
  );
  expect([await find(target), await find(target, "locale = 'de'")]).toEqual(before);
  await write(
    target,
    async ({ chunks }) => {
      await chunks.append([rowOf("same", { vector: direction(0.5) })]);
      await chunks.publish(published);
    },
    own,
  );
  expect((await find(target))[0]).toEqual(["same", 1]);
  await write(
    target,
    async ({ chunks }) => {
      await chunks.write([], ["row 5001"]);
      await chunks.publish(published);
    },
    own,
  );
  expect((await remainsIn(target.uri)).deletionFiles).toEqual([]);
  expect(await find(target, "locale = 'de'")).toEqual(before[1]);
});
