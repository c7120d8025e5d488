import { expect, onTestFinished, test, vi } from "vitest";
import { ChunkIndex } from "../../src/store/chunk-index.ts";
import type { Database } from "../../src/store/database.ts";
import { Meta } from "../../src/store/meta.ts";
import { StoreTable } from "../../src/store/store-table.ts";
import type { EmbeddingSpace } from "../../src/words/types.ts";
import { axis, openDatabase, rowOf, space } from "./open-database.ts";

const indexIn = (database: Database, name = "chunks", own: EmbeddingSpace = space) =>
  new ChunkIndex(database, new Meta(database), name, own);

const idsOf = async (index: ChunkIndex): Promise<string[]> =>
  (await Array.fromAsync(index.states())).map((state) => state.id).sort();

const published = { pages: 1, contextModel: null, publishedAt: "2030-01-01T00:00:00.000Z" };

test("a missing index is empty, and reading does not create it", async () => {
  const database = await openDatabase();
  const index = indexIn(database);
  expect(await index.published()).toBeNull();
  expect(await index.currentVersion()).toBeNull();
  expect(await idsOf(index)).toEqual([]);
  expect(await index.rowsOf(["page.md"])).toEqual([]);
  expect(await index.vectorsOf(["a"])).toEqual(new Map());
  expect(await database.tableNames()).toEqual([]);
});

test("rows are read by page, vectors by id", async () => {
  const database = await openDatabase();
  const quoted = { ...rowOf("b"), page: "it's.md", locale: "de", version: "2" };
  const pending = rowOf("c", { vector: null, vectorFingerprint: null, page: "it's.md" });
  await indexIn(database).write([rowOf("a"), quoted, pending], []);
  const index = indexIn(database);
  const { vector: _, ...stored } = quoted;
  const rows = await index.rowsOf(["it's.md", "absent.md"]);
  expect(rows.find((row) => row.id === "b")).toEqual(stored);
  expect(rows.map((row) => row.id).sort()).toEqual(["b", "c"]);
  expect(await index.rowsOf([])).toEqual([]);
  expect(await index.vectorsOf(["b", "c", "absent"])).toEqual(new Map([["b", axis(0)]]));
});

test("a write changes rows, adds rows and deletes vanished ones in one commit", async () => {
  const index = indexIn(await openDatabase());
  await index.write(
    ["a", "b", "c"].map((id) => rowOf(id)),
    [],
  );
  const version = await index.currentVersion();
  await index.write([rowOf("a", { text: "edited" }), rowOf("d")], ["b", "absent"]);
  expect(await idsOf(index)).toEqual(["a", "c", "d"]);
  expect((await index.rowsOf(["page.md"])).find((row) => row.id === "a")?.text).toBe("edited");
  expect(await index.currentVersion()).toBe((version ?? 0) + 1);
});

test("vanished ids are deleted when no row changes, too", async () => {
  const index = indexIn(await openDatabase());
  await index.write([rowOf("it's"), rowOf("b")], []);
  await index.write([], ["it's"]);
  expect(await idsOf(index)).toEqual(["b"]);
});

test("all vanished ids are deleted, also more than one delete takes", async () => {
  const index = indexIn(await openDatabase());
  const ids = Array.from({ length: 10_500 }, (_, at) => `guide/page-${at}.md#it's`);
  await index.write(
    [...ids, "stays"].map((id) => rowOf(id)),
    [],
  );
  await index.write([rowOf("new")], ids);
  expect(await idsOf(index)).toEqual(["new", "stays"]);
});

test("an index of other dimensions is replaced by an empty one", async () => {
  const database = await openDatabase();
  await indexIn(database).write([rowOf("old")], []);
  const longer = indexIn(database, "chunks", { ...space, dimensions: 8 });
  expect(await idsOf(longer)).toEqual([]);
  expect(await longer.currentVersion()).toBeNull();
  await longer.write([rowOf("new", { vector: axis(5, 8) })], []);
  expect(await idsOf(longer)).toEqual(["new"]);
});

test("a row whose vector has another length is refused, and nothing changes", async () => {
  const index = indexIn(await openDatabase());
  await index.write([rowOf("a")], []);
  const rows = [rowOf("a", { text: "edited" }), rowOf("bad", { vector: axis(0, 5) })];
  await expect(index.write(rows, ["a"])).rejects.toMatchObject({ code: "STORE_FAILED" });
  expect((await index.rowsOf(["page.md"])).map((row) => row.text)).toEqual(["text of a"]);
});

test("two indexes of a store do not change each other", async () => {
  const database = await openDatabase();
  const [main, branch] = [indexIn(database), indexIn(database, "branch")];
  await main.write([rowOf("a"), rowOf("b")], []);
  await branch.write([rowOf("a", { text: "of the branch" })], []);
  await branch.write([], ["a", "b"]);
  await branch.publish({ ...published, pages: 0 });
  expect(await idsOf(main)).toEqual(["a", "b"]);
  expect(await main.published()).toBeNull();
});

test("publishing records the version, the pages and the space", async () => {
  const index = indexIn(await openDatabase());
  await index.write([rowOf("a")], []);
  await index.publish(published);
  expect(await index.published()).toEqual({
    ...published,
    contextModels: [],
    pending: 0,
    search: null,
    space,
    version: await index.currentVersion(),
  });
});

test("a site without chunks is published too", async () => {
  const index = indexIn(await openDatabase());
  await index.publish({ ...published, pages: 0 });
  expect(await index.published()).toMatchObject({ pages: 0, space });
  expect(await idsOf(index)).toEqual([]);
});

test("many rows without vectors are published without an index of vectors", async () => {
  const database = await openDatabase();
  const index = indexIn(database, "chunks", { ...space, provider: "none", dimensions: 0 });
  await index.append(Array.from({ length: 10_000 }, (_, at) => rowOf(`${at}`, { vector: null })));
  await index.publish(published);
  expect((await index.published())?.pending).toBe(0);
});

test("a version that is made while older ones are deleted is published as well", async () => {
  const index = indexIn(await openDatabase());
  const prune = vi.spyOn(StoreTable.prototype, "prune");
  onTestFinished(() => prune.mockRestore());
  prune.mockImplementationOnce(() => index.append([rowOf("a")]));
  await index.publish(published);
  expect(await index.untouched()).toMatchObject({ version: await index.currentVersion() });
});
