import { expect, test } from "vitest";
import { ChunkIndex } from "../../src/store/chunk-index.ts";
import { withReader } from "../../src/store/index-reader.ts";
import { Database } from "../../src/store/database.ts";
import { Meta } from "../../src/store/meta.ts";
import type { StoreWriter } from "../../src/store/open-store.ts";
import { axis, rowOf, space } from "./open-database.ts";
import { newTarget, published, textsIn, write } from "./target.ts";

test("readers see the old state until the new one is published, and then all of it", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks }) => {
    await chunks.write([rowOf("a"), rowOf("b")], []);
    await chunks.publish(published);
  });
  await write(target, async ({ chunks }) => {
    await chunks.write([rowOf("a", { text: "edited" })], []);
    await chunks.write([rowOf("c")], ["b"]);
    expect(await textsIn(target)).toEqual(["text of a", "text of b"]);
    await chunks.publish(published);
    expect(await textsIn(target)).toEqual(["edited", "text of c"]);
  });
});

test("if a writer dies before publishing, readers still see the old state", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks }) => {
    await chunks.write([rowOf("a")], []);
    await chunks.publish(published);
  });
  const died = write(target, async ({ chunks }) => {
    await chunks.write([rowOf("b")], ["a"]);
    throw new Error("out of power");
  });
  await expect(died).rejects.toThrow("out of power");
  expect(await textsIn(target)).toEqual(["text of a"]);
});

test("readers keep the old index while one of other dimensions is being built", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks }) => {
    await chunks.write([rowOf("a")], []);
    await chunks.publish(published);
  });
  const longer = { ...space, dimensions: 8 };
  const rebuild = async ({ chunks }: StoreWriter): Promise<void> => {
    await chunks.write([rowOf("b", { vector: axis(0, 8) })], []);
    expect(await textsIn(target)).toEqual(["text of a"]);
    await chunks.publish(published);
  };
  await write(target, rebuild, longer);
  const found = await withReader(target, (reader) => reader.nearest(axis(0, 8), 10));
  expect(found.map(({ row }) => row.id)).toEqual(["b"]);
});

test("a reader that fails starts again where a publication has another list of sections alone", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks }) => {
    await chunks.write([rowOf("a")], []);
    await chunks.publish({ ...published, search: searchWith("old") });
  });
  const lists: (string | null | undefined)[] = [];
  await withReader(target, async (reader) => {
    lists.push(reader.published.search?.chunkSections);
    if (lists.length > 1) return;
    await write(target, ({ database }) =>
      new Meta(database).publish(target.index, { ...reader.published, search: searchWith("new") }),
    );
    throw new Error("The list is gone.");
  });
  expect(lists).toEqual(["old", "new"]);
});

const searchWith = (chunkSections: string) => ({ manifest: "same", chunkSections, previous: null });

test("a reader whose version is deleted by a publication starts again with the new one", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks }) => {
    await chunks.write([rowOf("a"), rowOf("b")], []);
    await chunks.publish(published);
  });
  let tries = 0;
  const found = await withReader(target, async (reader) => {
    tries += 1;
    if (tries === 1) {
      await write(target, async ({ chunks }) => {
        await chunks.write([rowOf("a", { text: "edited" })], ["b"]);
        await chunks.publish(published);
      });
    }
    return reader.rowsOf(["page.md"]);
  });
  expect(tries).toBe(2);
  expect(found.map(({ text }) => text)).toEqual(["edited"]);
});

test("readers take no lock and never fail while states are published one after another", async () => {
  const target = await newTarget();
  await write(target, async ({ chunks }) => {
    await chunks.write([rowOf("a", { text: "0" })], []);
    await chunks.publish(published);
  });
  const over = new AbortController();
  const seen = new Set<string>();
  const reading = (async () => {
    while (!over.signal.aborted) seen.add((await textsIn(target)).join());
  })();
  const database = await Database.connect(target.uri);
  const index = new ChunkIndex(database, new Meta(database), target.index, space);
  for (let at = 1; at <= 15; at += 1) {
    await index.write([rowOf("a", { text: String(at) })], []);
    await index.publish(published);
  }
  over.abort();
  database.close();
  await reading;
  expect([...seen].filter((text) => !/^\d+$/u.test(text))).toEqual([]);
});
