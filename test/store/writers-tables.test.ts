import { afterEach, expect, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { Database } from "../../src/store/database.ts";
import { lancedb } from "../../src/store/lancedb.ts";
import { Meta } from "../../src/store/meta.ts";
import { docsSite } from "../support/docs-site.ts";
import { NOTHING, remainsIn } from "../support/store-remains.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openDatabase } from "./open-database.ts";

const spec = { name: "things", key: "key", columns: { key: "string", text: "string" } } as const;

const writersDatabase = async () => (await openDatabase()).guardedBy(async () => {});

afterEach(() => {
  vi.restoreAllMocks();
});

test("a row that a run writes twice into a table that it has made is stored once", async () => {
  const database = await writersDatabase();
  const one = await database.openOrReplace(spec);
  const other = await database.openOrReplace(spec);
  await one.upsert([{ key: "a", text: "first" }]);
  await other.upsert([{ key: "a", text: "second" }]);
  await one.upsertIf({ key: "a", text: "third" }, null);
  expect(await Array.fromAsync(one.scan(["text"]))).toEqual([{ text: "second" }]);
});

test("compaction clears a table of rows that the run which made it has deleted", async () => {
  const uri = await temporaryFolder();
  const database = (await Database.connect(uri)).guardedBy(async () => {});
  const table = await database.openOrReplace(spec);
  // LanceDB itself clears a file once a tenth of its rows is deleted.
  const others = Array.from({ length: 40 }, (_, at) => ({ key: `${at}`, text: "stays" }));
  await table.append([{ key: "a", text: "zanzibarium" }, ...others]);
  await table.delete("key = 'a'");
  await table.tidy();
  expect(await remainsIn(uri, "zanzibarium")).toEqual(NOTHING);
  database.close();
});

test("a table that a run has dropped is missing, and is made again, empty", async () => {
  const database = await writersDatabase();
  await (await database.openOrReplace(spec)).append([{ key: "a", text: "first" }]);
  await database.drop(spec.name);
  expect(await database.open(spec)).toBeNull();
  expect(await (await database.openOrReplace(spec)).countRows()).toBe(0);
});

test("a version that is opened does not change what the table's other readers see", async () => {
  const database = await writersDatabase();
  const table = await database.openOrReplace(spec);
  const before = await table.version();
  await table.append([{ key: "a", text: "first" }]);
  expect(await (await database.openVersion(spec, before))?.countRows()).toBe(0);
  expect(await (await database.open(spec))?.countRows()).toBe(1);
});

test("facts that a run has written or deleted are read as another run reads them", async () => {
  const database = await openDatabase();
  const own = new Meta(database.guardedBy(async () => {}));
  const note = { since: "2030-01-01T00:00:00.000Z", models: ["it's"] };
  for (const models of [["one"], note.models]) {
    await own.noteSentenceWriting("chunks", { ...note, models });
  }
  await own.setSchemaVersion(3);
  for (const meta of [own, new Meta(database)]) {
    expect(await meta.sentenceWriting()).toEqual(new Map([["chunks", note]]));
    expect(await meta.schemaVersion()).toBe(3);
  }
  await own.forgetSentenceWriting("chunks");
  for (const meta of [own, new Meta(database)]) {
    expect(await meta.sentenceWriting()).toEqual(new Map());
  }
});

test("an index run opens no table twice", async () => {
  const site = await docsSite({ "page.md": "# Page\n\nText.\n" });
  await indexSite({ config: site.config });
  const names: string[] = [];
  const { connect } = lancedb;
  vi.spyOn(lancedb, "connect").mockImplementation(async () => {
    const connection = await connect(site.config.store.uri, { readConsistencyInterval: 0 });
    const openTable = connection.openTable.bind(connection);
    vi.spyOn(connection, "openTable").mockImplementation((name) => {
      names.push(name);
      return openTable(name);
    });
    return connection;
  });
  await indexSite({ config: site.config });
  expect(names).toContain("chunks");
  expect(names.toSorted()).toEqual([...new Set(names)].sort());
});
