import { expect, test } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { contextSentences, KeyedCache, vectorsIn } from "../../src/store/keyed-cache.ts";
import { contextsTable, vectorsTable } from "../../src/store/tables.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { axis, openDatabase, space } from "./open-database.ts";

const cacheIn = (database: Database, start = 0) =>
  new KeyedCache(database, createVirtualClock(start), vectorsIn(space));

test("an empty cache holds nothing, and reading creates no table", async () => {
  const database = await openDatabase();
  const cache = cacheIn(database);
  expect(await cache.present(["a"])).toEqual(new Set());
  expect(await cache.read(["a"])).toEqual(new Map());
  await cache.compact();
  expect(await database.tableNames()).toEqual([]);
});

test("another run reads what was committed", async () => {
  const database = await openDatabase();
  const cache = cacheIn(database);
  await cache.commit([
    { key: "a", value: axis(0) },
    { key: "b", value: axis(1) },
  ]);
  await cache.commit([{ key: "it's", value: axis(2) }]);
  await cache.compact();
  const wanted = ["a", "it's", "absent"];
  for (const one of [cache, cacheIn(database)]) {
    expect(await one.present(wanted)).toEqual(new Set(["a", "it's"]));
    expect(await one.read(wanted)).toEqual(
      new Map([
        ["a", axis(0)],
        ["it's", axis(2)],
      ]),
    );
  }
});

test("reading no keys gives nothing", async () => {
  const cache = cacheIn(await openDatabase());
  await cache.commit([{ key: "a", value: axis(0) }]);
  expect(await cache.read([])).toEqual(new Map());
  expect(await cache.present([])).toEqual(new Set());
});

test("all fingerprints are found, also more than one lookup takes", async () => {
  const cache = cacheIn(await openDatabase());
  const fingerprints = Array.from({ length: 2500 }, (_, at) => `print-${at}`);
  await cache.commit(
    fingerprints.map((fingerprint, at) => ({ key: fingerprint, value: axis(at % 4) })),
  );
  expect(await cache.present(fingerprints)).toEqual(new Set(fingerprints));
  const vectors = await cache.read(["absent", ...fingerprints]);
  expect([...vectors.keys()].sort()).toEqual([...fingerprints].sort());
  expect(fingerprints.filter((name, at) => vectors.get(name)?.[at % 4] !== 1)).toEqual([]);
});

test.each([
  { keys: 2500, files: 5 },
  { keys: 1000, files: 5 },
  { keys: 101, files: 101 },
])("the values of $keys keys in $files files are read some at a time", async ({ keys, files }) => {
  const cache = cacheIn(await openDatabase());
  const entries = Array.from({ length: keys }, (_, at) => ({
    key: `print-${at}`,
    value: axis(at % 4),
  }));
  const size = Math.ceil(keys / files);
  for (let at = 0; at < keys; at += size) await cache.commit(entries.slice(at, at + size));
  const read = await cache.readerOf(["absent", ...entries.map(({ key }) => key)]);
  const [first = "", second = ""] = entries.map(({ key }) => key);
  expect([...(await read([second, "absent", first, second])).keys()].sort()).toEqual([
    first,
    second,
  ]);
  expect(await read(["absent"])).toEqual(new Map());
  expect(await read([])).toEqual(new Map());
  const values = await read(entries.map(({ key }) => key));
  expect(values).toEqual(new Map(entries.map(({ key, value }) => [key, value])));
});

test("values that were moved after they were looked up are an error, and not missing", async () => {
  const database = await openDatabase();
  const cache = cacheIn(database);
  const keys = Array.from({ length: 2000 }, (_, at) => `print-${at}`);
  for (let at = 0; at < 100; at += 1)
    await cache.commit(keys.slice(20 * at, 20 * at + 20).map((key) => ({ key, value: axis(0) })));
  const read = await cache.readerOf(keys);
  await cache.compact();
  await expect(read(keys)).rejects.toThrow("its files were merged meanwhile. Run siterag again.");
});

test("a cache without a table has no values of many keys", async () => {
  const cache = cacheIn(await openDatabase());
  const keys = Array.from({ length: 2000 }, (_, at) => `print-${at}`);
  expect(await (await cache.readerOf(keys))(keys)).toEqual(new Map());
});

test("many files are merged for few keys, and not for many", async () => {
  const database = await openDatabase();
  const cache = cacheIn(database);
  const files = async () => (await database.openOrReplace(vectorsTable(space))).countFragments();
  for (let at = 0; at < 100; at += 1) await cache.commit([{ key: `${at}`, value: axis(0) }]);
  await cache.readerOf(Array.from({ length: 2000 }, (_, at) => `${at}`));
  expect(await files()).toBe(100);
  await cache.readerOf(["1"]);
  expect(await files()).toBe(1);
});

test("commits made at the same time are all written, in order", async () => {
  const database = await openDatabase();
  const cache = cacheIn(database);
  const settled: number[] = [];
  const numbers = Array.from({ length: 12 }, (_, at) => at);
  await Promise.all(
    numbers.map(async (at) => {
      await cache.commit([{ key: `print-${at}`, value: axis(at % 4) }]);
      settled.push(at);
    }),
  );
  expect(settled).toEqual(numbers);
  expect((await cache.present(numbers.map((at) => `print-${at}`))).size).toBe(12);
});

test("a commit that is refused writes nothing and does not stop the next one", async () => {
  const cache = cacheIn(await openDatabase());
  const bad = [
    { key: "good", value: axis(0) },
    { key: "bad", value: axis(0, 3) },
  ];
  const refused = cache.commit(bad);
  const next = cache.commit([{ key: "next", value: axis(1) }]);
  await expect(refused).rejects.toMatchObject({ code: "STORE_FAILED" });
  await next;
  expect(await cache.present(["good", "bad", "next"])).toEqual(new Set(["next"]));
});

test("each embedding space has its own table", async () => {
  const database = await openDatabase();
  const others = [
    { ...space, dimensions: 3 },
    { ...space, model: "other" },
    { ...space, provider: "another" },
  ];
  await cacheIn(database).commit([{ key: "a", value: axis(0) }]);
  for (const other of others) {
    const cache = new KeyedCache(database, createVirtualClock(), vectorsIn(other));
    expect(await cache.present(["a"])).toEqual(new Set());
    await cache.commit([{ key: "b", value: axis(0, other.dimensions) }]);
  }
  expect((await database.tableNames()).sort()).toEqual([
    "vectors_another_test_4",
    "vectors_mock_other_4",
    "vectors_mock_test_3",
    "vectors_mock_test_4",
  ]);
});

test("a vector is stored with the time of its commit", async () => {
  const database = await openDatabase();
  await cacheIn(database, Date.UTC(2030, 1, 3)).commit([{ key: "a", value: axis(0) }]);
  const table = await database.openOrReplace(vectorsTable(space));
  expect(await Array.fromAsync(table.scan(["createdAt"]))).toEqual([
    { createdAt: "2030-02-03T00:00:00.000Z" },
  ]);
});

test("many commits of sentences are merged during the run, and no sentence is lost", async () => {
  const database = await openDatabase();
  const cache = new KeyedCache(database, createVirtualClock(), contextSentences);
  const keys = Array.from({ length: 100 }, (_, at) => `recipe-${at}`);
  for (const key of keys) await cache.commit([{ key, value: `of ${key}` }]);
  expect(await (await database.openOrReplace(contextsTable)).countFragments()).toBe(1);
  expect(await cache.read(keys)).toEqual(new Map(keys.map((key) => [key, `of ${key}`])));
});
