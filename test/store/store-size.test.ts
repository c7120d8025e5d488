import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { StoreWriter } from "../../src/store/open-store.ts";
import { axis, rowOf, space } from "./open-database.ts";
import { newTarget, published, write } from "./target.ts";

const dimensions = 256;
const rows = Array.from({ length: 400 }, (_, at) =>
  rowOf(`row-${at}`, { vector: axis(at % dimensions, dimensions) }),
);

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Writes what a run writes, in the same order: answers, rows, publication, page keys. */
const rebuild =
  (round: number, changed: typeof rows) =>
  async ({ cache, chunks, pages }: StoreWriter): Promise<void> => {
    const fingerprint = (id: string): string => `round-${round}-${id}`;
    await cache.commit(
      changed.map(({ id }) => ({ key: fingerprint(id), value: axis(0, dimensions) })),
    );
    await chunks.write(
      changed.map((row) => ({ ...row, text: `text of round ${round}` })),
      [],
    );
    await cache.compact();
    await chunks.publish(published);
    await pages.write([{ page: "page.md", key: `round ${round}`, chunks: rows.length }], []);
  };

test("twenty rebuilds with one edited row stay under twice the first size on disk", async () => {
  const target = await newTarget();
  const longer = { ...space, dimensions };
  await write(target, rebuild(0, rows), longer);
  const first = await bytesIn(target.uri);
  for (let round = 1; round <= 20; round += 1) {
    await write(target, rebuild(round, rows.slice(round, round + 1)), longer);
    expect(await bytesIn(target.uri)).toBeLessThan(2 * first);
  }
});
