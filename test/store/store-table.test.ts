import { expect, test } from "vitest";
import { Database } from "../../src/store/database.ts";
import { isIn, quote } from "../../src/store/sql.ts";
import type { StoreTable, TableSpec } from "../../src/store/store-table.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { axis, openDatabase } from "./open-database.ts";

const columns = { key: "string", value: "string", vector: "vector?" } as const;
type Things = StoreTable<typeof columns>;

const specOf = (dimensions: number): TableSpec<typeof columns> => ({
  name: "things",
  key: "key",
  columns,
  dimensions,
});

const thing = (key: string, value = "old") => ({ key, value, vector: axis(0) });

async function tableWith(...keys: string[]): Promise<Things> {
  const table = await (await openDatabase()).openOrReplace(specOf(4));
  await table.append(keys.map((key) => thing(key)));
  return table;
}

async function valuesOf(table: Things, where?: string): Promise<Record<string, string>> {
  const rows = await Array.fromAsync(table.scan(["key", "value"], where));
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

test.for(["it's", "''", "'; DROP TABLE things; --", `"q"`, "back\\slash", "100%_", "漢'字", ""])(
  "the key %j finds its row and no other",
  async (key) => {
    const table = await tableWith(key, "other", "another");
    expect(Object.keys(await valuesOf(table, `key = ${quote(key)}`))).toEqual([key]);
    expect(Object.keys(await valuesOf(table, isIn("key", [key, "absent"])))).toEqual([key]);
    await table.delete(isIn("key", [key]));
    expect(Object.keys(await valuesOf(table)).sort()).toEqual(["another", "other"]);
  },
);

test("an upsert inserts, updates and deletes in one commit", async () => {
  const table = await tableWith("stays", "changes", "goes");
  const version = await table.version();
  const rows = [thing("changes", "new"), thing("comes", "new")];
  await table.upsert(rows, isIn("key", ["goes"]));
  expect(await valuesOf(table)).toEqual({ stays: "old", changes: "new", comes: "new" });
  expect(await table.version()).toBe(version + 1);
});

test("an upsert of no rows still deletes", async () => {
  const table = await tableWith("stays", "goes");
  await table.upsert([], isIn("key", ["goes"]));
  expect(await valuesOf(table)).toEqual({ stays: "old" });
});

test("writing nothing makes no version", async () => {
  const table = await tableWith("stays");
  const version = await table.version();
  await table.append([]);
  await table.upsert([]);
  expect(await table.version()).toBe(version);
  expect(await valuesOf(table)).toEqual({ stays: "old" });
});

test("concurrent upserts of one new key make one row", async () => {
  const folder = await temporaryFolder();
  const first = await Database.connect(folder);
  const second = await Database.connect(folder);
  const tables = [await first.openOrReplace(specOf(4)), await second.openOrReplace(specOf(4))];
  await Promise.all(tables.map((table, at) => table.upsert([thing("new", `writer ${at}`)])));
  expect(await tables[0]?.countRows()).toBe(1);
  first.close();
  second.close();
});

test("a conditional upsert inserts what is absent and updates only where the condition holds", async () => {
  const table = await tableWith("present");
  await table.upsertIf(thing("absent", "new"), "target.value = 'no such'");
  await table.upsertIf(thing("present", "refused"), "target.value = 'no such'");
  expect(await valuesOf(table)).toEqual({ present: "old", absent: "new" });
  await table.upsertIf(thing("present", "new"), "target.value = 'old'");
  expect(await valuesOf(table)).toEqual({ present: "new", absent: "new" });
});

test("a reader of a version does not see later writes", async () => {
  const database = await openDatabase();
  const writer = await database.openOrReplace(specOf(4));
  await writer.append([thing("stays"), thing("goes")]);
  const reader = await database.openVersion(specOf(4), await writer.version());
  if (reader === null) throw new Error("The version is gone.");
  await writer.upsert([thing("stays", "new"), thing("comes")], isIn("key", ["goes"]));
  await writer.compact();
  expect(await valuesOf(reader)).toEqual({ stays: "old", goes: "old" });
  expect(await reader.countRows()).toBe(2);
  expect(await valuesOf(writer)).toEqual({ stays: "new", comes: "old" });
});

test("a missing version does not open, and the newest stays open", async () => {
  const database = await openDatabase();
  const writer = await database.openOrReplace(specOf(4));
  await writer.append([thing("first")]);
  const gone = await writer.version();
  await writer.append([thing("second")]);
  await writer.compact();
  await writer.tidy();
  expect(await database.openVersion(specOf(4), gone)).toBeNull();
  const reader = await database.openOrReplace(specOf(4));
  expect(await valuesOf(reader)).toEqual({ first: "old", second: "old" });
});

test("after tidying, a table has one version", async () => {
  const database = await openDatabase();
  const writer = await database.openOrReplace(specOf(4));
  for (const key of ["first", "second", "third"]) await writer.append([thing(key)]);
  await writer.delete(isIn("key", ["second"]));
  const before = await writer.version();
  await writer.tidy();
  const newest = await writer.version();
  expect(newest).toBeGreaterThan(before);
  for (let version = 1; version < newest; version += 1) {
    expect(await database.openVersion(specOf(4), version), `version ${version}`).toBeNull();
  }
  expect(await valuesOf(writer)).toEqual({ first: "old", third: "old" });
});

test("an open table sees what another one wrote", async () => {
  const database = await openDatabase();
  const one = await database.openOrReplace(specOf(4));
  const other = await database.openOrReplace(specOf(4));
  await one.append([thing("new")]);
  expect(await valuesOf(other)).toEqual({ new: "old" });
  await other.upsert([thing("new", "newer")]);
  expect(await valuesOf(one)).toEqual({ new: "newer" });
});
