import { expect, test } from "vitest";
import { withReader } from "../../src/store/index-reader.ts";
import { lancedb } from "../../src/store/lancedb.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import { rowOf, space } from "../store/open-database.ts";
import { newTarget, published, write } from "../store/target.ts";

const own = { ...space, dimensions: 8 };

/** A direction that looks random but is the same in each run. */
function direction(seed: number): Float32Array {
  let state = Math.imul(seed * 2 + 1, 0x9e3779b1);
  const numbers = Float32Array.from({ length: own.dimensions }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return (state >> 8) / 2 ** 23;
  });
  return numbers.map((number) => number / Math.hypot(...numbers));
}

const rows = (from: number, to: number, vector: (at: number) => Float32Array) =>
  Array.from({ length: to - from }, (_, at) =>
    rowOf(`row ${from + at}`, { vector: vector(from + at) }),
  );

async function versionsOf({ uri, index }: StoreTarget) {
  const table = await (await lancedb.connect(uri)).openTable(index);
  return (await table.listVersions()).map(({ version }) => version);
}

const first = (target: StoreTarget, vector: Float32Array) =>
  withReader(target, async (reader) => (await reader.nearest(vector, 5))[0]?.row.id);

/** Writes and publishes; the version that readers follow must be the only one. */
async function expectPublished(
  target: StoreTarget,
  added: ReturnType<typeof rows>,
  gone: readonly string[] = [],
): Promise<void> {
  const version = await write(
    target,
    async ({ chunks }) => {
      for (let from = 0; from < added.length; from += 10_000)
        await chunks.append(added.slice(from, from + 10_000));
      await chunks.write([], gone);
      await chunks.publish(published);
      return (await chunks.untouched())?.version;
    },
    own,
  );
  expect(await versionsOf(target)).toEqual([version]);
}

test("edits of 50,000 rows leave the published version, and are found by their vectors", async () => {
  const target = await newTarget();
  await expectPublished(target, rows(0, 50_000, direction));
  expect(await first(target, direction(7))).toBe("row 7");
  for (const round of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const at = 50_000 + round * 10;
    await expectPublished(target, rows(at, at + 10, direction), [`row ${round}`]);
    expect(await first(target, direction(at))).toBe(`row ${at}`);
    expect(await first(target, direction(round))).not.toBe(`row ${round}`);
  }
});

test("vectors that are too alike for LanceDB to split leave the published version", async () => {
  const target = await newTarget();
  await expectPublished(
    target,
    rows(0, 17_000, () => direction(1)),
  );
  for (const at of [17_000, 17_010]) {
    await expectPublished(target, rows(at, at + 10, direction), [`row ${at - 10_000}`]);
    expect(await first(target, direction(at))).toBe(`row ${at}`);
  }
});
