import { expect, test } from "vitest";
import { PageRecords, type PageRecord } from "../../src/store/page-records.ts";
import { pagesTable } from "../../src/store/tables.ts";
import { openDatabase } from "./open-database.ts";

const record = (page: string, key = "key", chunks = 1): PageRecord => ({
  page,
  key,
  chunks,
  corrections: null,
  verdict: null,
});

test("before the first run there are no records, and reading creates no table", async () => {
  const database = await openDatabase();
  expect(await new PageRecords(database, "chunks").read()).toEqual(new Map());
  expect(await database.tableNames()).toEqual([]);
});

test("records are kept, changed and dropped by page", async () => {
  const records = new PageRecords(await openDatabase(), "chunks");
  await records.write([record("it's.md"), record("b.md"), record("c.md", "old")], []);
  await records.write([record("c.md", "new", 4), record("d.md")], ["it's.md", "absent.md"]);
  expect(await records.read()).toEqual(
    new Map([
      ["b.md", record("b.md")],
      ["c.md", record("c.md", "new", 4)],
      ["d.md", record("d.md")],
    ]),
  );
});

test("each index of a store has its own records, whatever its name", async () => {
  const database = await openDatabase();
  const names = ["main", "main.next", "it's", "MAIN"];
  const indexes = names.map((name) => new PageRecords(database, name));
  for (const [at, records] of indexes.entries()) {
    await records.write([record("same.md", `key ${at}`), record(`${at}.md`)], []);
  }
  await indexes[0]?.write([], ["same.md", "1.md"]);
  const pages = await Promise.all(
    indexes.map(async (one) => [...(await one.read()).keys()].sort()),
  );
  expect(pages).toEqual([["0.md"], ["1.md", "same.md"], ["2.md", "same.md"], ["3.md", "same.md"]]);
});

test("all records are written and deleted, also more than one write takes", async () => {
  const records = new PageRecords(await openDatabase(), "chunks");
  const pages = Array.from({ length: 4500 }, (_, at) => `${at}.md`);
  await records.write(
    pages.map((page) => record(page)),
    [],
  );
  expect((await records.read()).size).toBe(4500);
  await records.write([record("new.md")], pages);
  expect([...(await records.read()).keys()]).toEqual(["new.md"]);
});

test("writing no records makes no version", async () => {
  const database = await openDatabase();
  const records = new PageRecords(database, "chunks");
  await records.write([record("a.md")], []);
  const version = await (await database.open(pagesTable))?.version();
  await records.write([], []);
  expect(version).toBeGreaterThan(0);
  expect(await (await database.open(pagesTable))?.version()).toBe(version);
});

test("what the built site has shown is kept with the page", async () => {
  const records = new PageRecords(await openDatabase(), "chunks");
  const corrections = {
    url: { from: "/a/", to: "/b/" },
    anchors: [{ heading: "It's", from: null, to: "its" }],
  };
  const page = { ...record("a.md"), corrections, verdict: "{}" };
  await records.write([page], []);
  expect(await records.read()).toEqual(new Map([["a.md", page]]));
});

test("records of a version without these columns are none, and make place", async () => {
  const database = await openDatabase();
  const { corrections: _one, verdict: _other, ...columns } = pagesTable.columns;
  const old = await database.openOrReplace({ name: "pages", key: "id", columns });
  await old.append([{ id: "chunks:a.md", index: "chunks", page: "a.md", key: "key", chunks: 1 }]);
  const records = new PageRecords(database, "chunks");
  expect(await records.read()).toEqual(new Map());
  await records.write([record("b.md")], []);
  expect([...(await records.read()).keys()]).toEqual(["b.md"]);
});
