import { expect, test, vi } from "vitest";
import { Meta } from "../../src/store/meta.ts";
import { StoreTable } from "../../src/store/store-table.ts";
import { metaTable } from "../../src/store/tables.ts";
import { openDatabase, space } from "./open-database.ts";

const state = {
  version: 7,
  pages: 3,
  space,
  contextModel: null,
  contextModels: [],
  publishedAt: "2030-01-01T00:00:00.000Z",
  search: { manifest: "abc.json", chunkSections: "def.sections", previous: null },
};

test("an empty store knows nothing, and reading creates no table", async () => {
  const database = await openDatabase();
  const meta = new Meta(database);
  expect(await meta.published("chunks")).toBeNull();
  expect(await meta.indexes()).toEqual([]);
  expect(await meta.schemaVersion()).toBeNull();
  await meta.unpublish("chunks");
  expect(await database.tableNames()).toEqual([]);
});

test("another run reads what was published last", async () => {
  const database = await openDatabase();
  await new Meta(database).publish("chunks", { ...state, version: 6 });
  await new Meta(database).publish("chunks", state);
  expect(await new Meta(database).published("chunks")).toEqual(state);
});

test("a fact whose first write failed, though it was stored, is written once", async () => {
  const database = (await openDatabase()).guardedBy(async () => {});
  const meta = new Meta(database);
  await meta.setSchemaVersion(3);
  vi.spyOn(StoreTable.prototype, "set").mockImplementationOnce(async function set(
    this: StoreTable<typeof metaTable.columns>,
    row,
  ) {
    await this.append([{ key: String(row["key"]), value: String(row["value"]) }]);
    throw new Error("The answer was lost.");
  });
  await expect(meta.publish("chunks", { ...state, version: 6 })).rejects.toThrow("was lost");
  vi.restoreAllMocks();
  await meta.publish("chunks", state);
  expect(await meta.published("chunks")).toEqual(state);
  expect(await (await database.open(metaTable))?.countRows()).toBe(2);
});

test("a reader gets what was published with the version of the columns, and null for either", async () => {
  const database = await openDatabase();
  const meta = new Meta(database);
  expect(await meta.state("chunks")).toEqual({ published: null, schemaVersion: null });
  await meta.setSchemaVersion(3);
  await meta.publish("other", { ...state, version: 6 });
  expect(await meta.state("chunks")).toEqual({ published: null, schemaVersion: 3 });
  await meta.publish("chunks", state);
  expect(await meta.state("chunks")).toEqual({ published: state, schemaVersion: 3 });
});

test("the readers' index of an earlier version has no list of sections", async () => {
  const database = (await openDatabase()).guardedBy(async () => {});
  const value = JSON.stringify({ ...state, search: { manifest: "abc.json", previous: null } });
  await new Meta(database).publish("chunks", { ...state, version: 6 });
  const table = await database.openOrCreate(metaTable);
  await table.upsert(
    (await Array.fromAsync(table.scan(["key", "value"]))).map(({ key }) => ({ key, value })),
  );
  expect(await new Meta(database).published("chunks")).toEqual({
    ...state,
    search: { ...state.search, chunkSections: null },
  });
});

test("indexes are listed by name, without the store's other facts", async () => {
  const meta = new Meta(await openDatabase());
  await meta.setSchemaVersion(1);
  for (const name of ["main", "it's", "branch"]) await meta.publish(name, state);
  expect(await meta.indexes()).toEqual(["branch", "it's", "main"]);
  await meta.unpublish("it's");
  expect(await meta.indexes()).toEqual(["branch", "main"]);
  expect(await meta.published("it's")).toBeNull();
  expect(await meta.published("main")).toEqual(state);
});

test("latencies are stored by model; at first none is known", async () => {
  const meta = new Meta(await openDatabase());
  expect(await meta.latencies(space)).toEqual({ individual: null, batch: null });
  const latencies = { individual: null, batch: { seconds: 63.5, count: 2, at: 1_700_000_000_000 } };
  await meta.keepLatencies(space, latencies);
  expect(await meta.latencies(space)).toEqual(latencies);
  expect(await meta.latencies({ ...space, model: "other" })).toMatchObject({ batch: null });
});

test("the schema version is kept", async () => {
  const meta = new Meta(await openDatabase());
  await meta.setSchemaVersion(1);
  await meta.setSchemaVersion(12);
  expect(await meta.schemaVersion()).toBe(12);
});

test("the counts of a last run come back, those without a known price too", async () => {
  const meta = new Meta(await openDatabase());
  const enrichment = {
    sentences: 2,
    calls: 1,
    jobs: 0,
    retries: 0,
    inputTokens: 90,
    outputTokens: 20,
    costUsd: null,
    extraCostVsBatchUsd: null,
    secondsSavedAgainstAlwaysBatch: 0,
  };
  const metrics = {
    requests: 3,
    individualCalls: 1,
    jobs: 0,
    cacheHits: 1,
    cacheHitRate: 1 / 3,
    texts: 2,
    tokens: 70,
    costUsd: null,
    extraCostVsBatchUsd: null,
    secondsSavedAgainstAlwaysBatch: 0,
    averageLatencyMs: null,
    textsPerCall: 2,
    retries: 0,
    errors: 0,
    errorRate: 0,
    poolUtilisation: null,
    longestQueue: 0,
    poolExhausted: 0,
  };
  const run = { at: "2030-01-01T00:00:00.000Z", metrics, enrichment };
  await meta.setLastRun("chunks", run);
  expect(await meta.lastRun("chunks")).toEqual(run);
});
