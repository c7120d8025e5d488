import { cp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { withReader } from "../../src/store/index-reader.ts";
import { withWriter, type StoreWriter } from "../../src/store/open-store.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { cancelJob, listJobs } from "../../src/upkeep/jobs.ts";
import { DAMAGES, type Damage } from "../support/damage-table.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { StoreTable } from "../../src/store/store-table.ts";
import { chunksTable, jobsTable, metaTable } from "../../src/store/tables.ts";
import { axis, rowOf, space } from "./open-database.ts";
import { published, textsIn, write } from "./target.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const VECTORS = "vectors_mock_test_4";
const USED_AT = "2030-01-01T00:00:00.000Z";
const job = {
  version: 1,
  displayName: "job",
  name: "batches/1",
  fingerprints: ["print-b"],
  tokens: 1,
  index: "chunks",
  owner: "owner",
  skipped: [],
  leaseUntil: 0,
  createdAt: USED_AT,
  space,
} as const;

async function fill(store: StoreWriter): Promise<void> {
  const { cache, chunks, contexts, jobs, knownFiles, pages, queries } = store;
  await cache.commit([{ key: "print-a", value: axis(0) }]);
  await contexts.commit([{ key: "recipe", value: "A sentence." }]);
  await jobs.insert(job);
  await queries.keep([{ fingerprint: "query", vector: axis(1) }], space, USED_AT, 10);
  await chunks.write([rowOf("a")], []);
  await pages.write(
    [{ page: "page.md", key: "key", chunks: 1, corrections: null, verdict: null }],
    [],
  );
  await knownFiles.write("source", "{}");
  await chunks.publish(published);
}

/** Damages that LanceDB reports in different ways. The end-to-end tests have more. */
const SOME = ["has a cut manifest", "has no data files", "has columns of another program"] as const;

/** Copies of a store with a row in each table, one for each kind of damage to a table. */
async function* damagedStores(table: string): AsyncGenerator<[Damage, StoreTarget]> {
  const folder = await temporaryFolder();
  const uri = join(folder, "whole");
  const whole = { uri, index: "chunks" };
  await write(whole, fill);
  expect(await write(whole, async ({ warning }) => warning)).toBeNull();
  for (const damage of SOME) {
    const target = { uri: join(folder, damage), index: "chunks" };
    await cp(uri, target.uri, { recursive: true });
    await DAMAGES[damage](target.uri, table);
    yield [damage, target];
  }
}

test.for(["chunks", "pages", "known_files", "meta"])(
  "a table %s that is damaged or of another program is made anew, with one warning",
  async (table) => {
    for await (const [damage, target] of damagedStores(table)) {
      const warnings = await write(target, async (store) => {
        await fill(store);
        return store.warning;
      });
      expect(warnings, damage).toBe(
        `Tables of the store were missing, damaged or of another version: ${table}. \`siterag index\` rebuilds ${table} at no cost.`,
      );
      expect(await textsIn(target), damage).toEqual(["text of a"]);
    }
  },
);

test("readers of a damaged table of known files know of none", async () => {
  for await (const [damage, target] of damagedStores("known_files")) {
    const known = withReader(target, ({ knownFiles }) => knownFiles.read("source"));
    expect(await known, damage).toBeNull();
  }
});

test("two indexes of a store know their own files, and one forgets only its own", async () => {
  const uri = await temporaryFolder();
  const [one, other] = [
    { uri, index: "chunks" },
    { uri, index: "other" },
  ];
  await write(one, ({ knownFiles }) => knownFiles.write("source", "of one"));
  await write(other, ({ knownFiles }) => knownFiles.write("source", "of another"));
  await write(one, ({ knownFiles }) => knownFiles.write("built", "HTML of one", "source"));
  const knownOf = (target: StoreTarget) =>
    write(target, async ({ knownFiles }) => [
      await knownFiles.read("source"),
      await knownFiles.read("built"),
    ]);
  expect(await knownOf(one)).toEqual([null, "HTML of one"]);
  expect(await knownOf(other)).toEqual(["of another", null]);
});

test.for(["missing", "garbage"])("without its facts (%s), a store is still ours", async (what) => {
  const target = { uri: await temporaryFolder(), index: "chunks" };
  await write(target, fill);
  const lose = async ({ database }: StoreWriter): Promise<void> => {
    const row = (key: string, value: string) => ({ key, value });
    const garbage = [row("index:chunks", "{"), row("schemaVersion", "{}"), row("lastRun:x", "[1")];
    if (what === "missing") await database.drop("meta");
    else await (await database.open(metaTable))?.upsert(garbage);
  };
  await expect(write(target, lose)).resolves.toBeUndefined();
  await expect(textsIn(target)).rejects.toMatchObject({ code: "INDEX_MISSING" });
  const warning = await write(target, async (store) => {
    await store.chunks.publish(published);
    return store.warning;
  });
  expect(warning).toContain("another version: meta. `siterag index` rebuilds meta at no cost.");
  expect(await textsIn(target)).toEqual(["text of a"]);
});

test("a table whose index of vectors is damaged is made again", async () => {
  const target = { uri: await temporaryFolder(), index: "chunks" };
  await write(target, async (store) => {
    await fill(store);
    await (await store.database.open(chunksTable("chunks", 4)))?.indexVectors("vector", 1, "true");
  });
  const indices = join(target.uri, "chunks.lance/_indices");
  const files = await readdir(indices, { recursive: true, withFileTypes: true });
  for (const file of files.filter((one) => one.isFile()))
    await writeFile(join(file.parentPath, file.name), "garbage");
  expect(await write(target, async ({ warning }) => warning)).toContain("version: chunks.");
});

test("damaged queries start empty, and a reader takes them for empty before", async () => {
  for await (const [damage, target] of damagedStores("queries")) {
    const learned = ({ queries }: StoreWriter) => queries.learned(space);
    expect(await textsIn(target), damage).toEqual(["text of a"]);
    expect(await write(target, async ({ warning }) => warning), damage).toBe(
      "Tables of the store were missing, damaged or of another version: queries. Builds embed their search queries again.",
    );
    expect(await write(target, learned), damage).toBe(0);
  }
});

test.for([
  [VECTORS, "The vectors in it, which must be paid for again,"],
  ["contexts", "The sentences of context in it, which must be paid for again,"],
  ["jobs", "The batch jobs in it, whose texts may be paid for again,"],
] as const)(
  "a damaged table %s stops the run, because it was paid for, and is dropped only when told to",
  async ([table, lost]) => {
    for await (const [damage, target] of damagedStores(table)) {
      const use = async ({ database }: StoreWriter) =>
        (await database.tableNames()).includes(table);
      const refusal = {
        code: "STORE_FAILED",
        message: `The table ${table} of the store ${target.uri} is damaged. ${lost} are lost unless you restore the table from a copy. To go on without them, run \`siterag cache clear --damaged\`.`,
      };
      await expect(write(target, use), damage).rejects.toMatchObject(refusal);
      const clock = createVirtualClock();
      const isThere = withWriter({ target, space, clock, dropsPaid: true }, use);
      expect(await isThere, damage).toBe(false);
      expect(await write(target, async ({ warning }) => warning), damage).toBeNull();
    }
  },
);

test("a record of a job that cannot be read names the command that removes it, which then works", async () => {
  const target = { uri: await temporaryFolder(), index: "chunks" };
  const config = configSchema.parse({ embedding: { provider: "mock" }, store: target });
  await write(target, async ({ database, jobs }) => {
    await jobs.insert(job);
    await (await database.open(jobsTable))?.upsert([{ displayName: "job", job: "{" }]);
  });
  await expect(listJobs({ config })).rejects.toMatchObject({
    code: "STORE_FAILED",
    message: expect.stringContaining("`siterag jobs cancel job --forget`"),
  });
  const clock = createVirtualClock();
  const cancelled = await cancelJob({ config, clock, name: "job", forget: true });
  expect(cancelled).toMatchObject({ outcome: "forgotten" });
  expect(await listJobs({ config })).toEqual([]);
});

test("a store that is as the last good run left it is not read through again", async () => {
  const target = { uri: await temporaryFolder(), index: "chunks" };
  await write(target, fill);
  const looks = vi.spyOn(StoreTable.prototype, "isReadable");
  await write(target, async () => undefined);
  expect(looks).not.toHaveBeenCalled();
  await writeFile(join(target.uri, "pages.lance/note"), "A file more.");
  await write(target, async () => undefined);
  expect(looks).toHaveBeenCalled();
  looks.mockClear();
  await write({ ...target, index: "branch" }, async () => undefined);
  expect(looks).toHaveBeenCalled();
});
