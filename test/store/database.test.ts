import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { SiteragError } from "../../src/words/errors.ts";
import { Database } from "../../src/store/database.ts";
import { TableHandle } from "../../src/store/table-handle.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { axis, openDatabase } from "./open-database.ts";

const columns = { key: "string", text: "string", tags: "string[]", vector: "vector?" } as const;

const specOf = (dimensions: number) =>
  ({ name: "things", key: "key", columns, dimensions }) as const;

const things = [
  { key: "fox", text: "the quick brown fox", tags: ["animal"], vector: axis(0) },
  { key: "dog", text: "the lazy dog", tags: ["animal", "fox hunter"], vector: axis(1) },
  {
    key: "pending",
    text: "Über v-model und 漢字検索: ignoreFunctionTypeParameterNameValueShadow",
    tags: [],
    vector: null,
  },
];

test("a missing table is null, and opening does not create it", async () => {
  const database = await openDatabase();
  expect(await database.open(specOf(4))).toBeNull();
  expect(await database.tableNames()).toEqual([]);
});

test("a table with the right columns is opened unchanged", async () => {
  const database = await openDatabase();
  await (await database.openOrReplace(specOf(4))).append(things);
  expect(await (await database.openOrReplace(specOf(4))).countRows()).toBe(3);
});

const other = { ...columns, extra: "integer" } as const;

test.for([
  { what: "other dimensions", spec: specOf(8) },
  { what: "one column more", spec: { ...specOf(4), columns: other } },
])("a table with $what is replaced by an empty one, in a later version", async ({ spec }) => {
  const database = await openDatabase();
  const before = await database.openOrReplace(specOf(4));
  await before.append(things);
  const version = await before.version();
  const after = await database.openOrReplace(spec);
  expect(await after.hasColumnsOfSpec()).toBe(true);
  expect(await after.countRows()).toBe(0);
  expect(await after.version()).toBeGreaterThan(version);
});

test("a version that could not be read for a moment is there afterwards", async () => {
  const database = await openDatabase();
  const writer = await database.openOrReplace(specOf(4));
  await writer.append(things);
  const version = await writer.version();
  const checkout = vi.spyOn(TableHandle.prototype, "checkout").mockResolvedValueOnce(false);
  onTestFinished(() => checkout.mockRestore());
  expect(await database.openVersion(specOf(4), version)).toBeNull();
  expect(await (await database.openVersion(specOf(4), version))?.countRows()).toBe(3);
});

test("a reader keeps its version when the table is replaced", async () => {
  const database = await openDatabase();
  const writer = await database.openOrReplace(specOf(4));
  await writer.append(things);
  const reader = await database.openVersion(specOf(4), await writer.version());
  await database.openOrReplace(specOf(8));
  expect(await reader?.countRows()).toBe(3);
});

test("nearest rows are sorted by cosine similarity; rows without a vector are never found", async () => {
  const table = await (await openDatabase()).openOrReplace(specOf(4));
  await table.append(things);
  const found = await table.nearest(["key"], Float32Array.of(0.6, 0.8, 0, 0), 10);
  expect(found.map(({ row }) => row.key)).toEqual(["dog", "fox"]);
  expect(found.map(({ score }) => score)).toEqual([expect.closeTo(0.8, 5), expect.closeTo(0.6, 5)]);
});

async function failureOf(action: Promise<unknown>): Promise<unknown> {
  return action.then(
    () => "it did not fail",
    (error: unknown) => error,
  );
}

const failures: Record<string, (database: Database) => Promise<unknown>> = {
  "a broken filter": async (database) => {
    const table = await database.openOrReplace(specOf(4));
    return Array.fromAsync(table.scan(["key"], "nonsense = ="));
  },
  "an unknown column": async (database) => {
    const table = await database.openOrReplace(specOf(4));
    return table.delete("no_such_column = 'x'");
  },
  "a query vector of the wrong length": async (database) => {
    const table = await database.openOrReplace(specOf(4));
    await table.append(things);
    return table.nearest(["key"], axis(0, 3), 1);
  },
  "a table that cannot be dropped": (database) => database.drop("absent"),
  "a folder that is a file": async () => {
    const file = join(await temporaryFolder(), "file");
    await writeFile(file, "");
    return (await Database.connect(join(file, "db"))).openOrReplace(specOf(4));
  },
};

test.for(Object.entries(failures))(
  "%s is told in one line, without Rust paths",
  async ([, fail]) => {
    const error = await failureOf(fail(await openDatabase()));
    expect(error).toBeInstanceOf(SiteragError);
    expect(error).toMatchObject({ code: "STORE_FAILED", cause: expect.any(Error) });
    expect(String(error)).toMatch(/^SiteragError: Could not [^\n]+$/u);
    expect(String(error)).not.toMatch(/\.rs\b|\/root\/|\/rust|cargo/u);
  },
);
