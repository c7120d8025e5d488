import { access } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../src/store/database.ts";
import { leaseTable, SCHEMA_VERSION } from "../../src/store/tables.ts";
import { withWriter } from "../../src/store/open-store.ts";
import type { StoreWriter } from "../../src/store/open-store.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import type { Clock } from "../../src/words/types.ts";
import { axis, rowOf, space } from "./open-database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { newTarget, published, textsIn, write } from "./target.ts";

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

const fill = async ({ cache, chunks, pages }: StoreWriter): Promise<void> => {
  await cache.commit([{ key: "print-a", value: axis(0) }]);
  await chunks.write([rowOf("a")], []);
  await chunks.publish(published);
  await pages.write(
    [{ page: "page.md", key: "key", chunks: 1, corrections: null, verdict: null }],
    [],
  );
};

const contentOf = (target: StoreTarget) =>
  write(target, async ({ cache, chunks, pages, meta }) => ({
    vectors: [...(await cache.present(["print-a"]))],
    rows: (await Array.fromAsync(chunks.states())).map((state) => state.id),
    pages: [...(await pages.read()).keys()],
    indexes: await meta.indexes(),
    schema: await meta.schemaVersion(),
  }));

test("a store is filled by one run and read by the next", async () => {
  const target = await newTarget();
  await write(target, fill);
  expect(await contentOf(target)).toEqual({
    vectors: ["print-a"],
    rows: ["a"],
    pages: ["page.md"],
    indexes: ["chunks"],
    schema: SCHEMA_VERSION,
  });
});

test("another schema version discards all indexes and page keys, and keeps the paid vectors", async () => {
  const target = await newTarget();
  const branch = { ...target, index: "branch" };
  await write(target, fill);
  await write(branch, fill);
  await write(target, ({ meta }) => meta.setSchemaVersion(SCHEMA_VERSION + 1));
  await expect(textsIn(target)).rejects.toMatchObject({ code: "INDEX_MISSING" });
  const discarded = {
    vectors: ["print-a"],
    rows: [],
    pages: [],
    indexes: [],
    schema: SCHEMA_VERSION,
  };
  expect(await contentOf(target)).toEqual(discarded);
  expect(await contentOf(branch)).toEqual(discarded);
  await expect(textsIn(branch)).rejects.toMatchObject({ code: "INDEX_MISSING" });
});

test("the lock is held while the store is in use, and released afterwards, also after a failure", async () => {
  const target = await newTarget();
  const lock = join(target.uri, "writer.lock");
  expect(await write(target, () => exists(lock))).toBe(true);
  expect(await exists(lock)).toBe(false);
  const failing = write(target, () => Promise.reject(new Error("inside")));
  await expect(failing).rejects.toThrow("inside");
  expect(await exists(lock)).toBe(false);
});

// Time stands still, so that the second writer never gives up waiting for the first.
const standing: Clock = { now: () => 0, sleep: () => new Promise((wake) => setImmediate(wake)) };

test("two writers of one store work one after the other", async () => {
  const target = await newTarget();
  const events: string[] = [];
  const run = (name: string) =>
    withWriter({ target, space, clock: standing }, async (store) => {
      events.push(`${name} begins`);
      await fill(store);
      events.push(`${name} ends`);
    });
  await Promise.all([run("one"), run("other")]);
  const [first = ""] = events;
  const names = first.startsWith("one") ? ["one", "other"] : ["other", "one"];
  expect(events).toEqual(names.flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test("a store on a service is locked by a lease, not by a file", async () => {
  const target = { uri: "memory://", index: "chunks" };
  const lease = await write(target, async ({ database }) => {
    const table = await database.openOrCreate(leaseTable);
    return Array.fromAsync(table.scan(["value"], "key = 'writer'"));
  });
  expect(lease).toEqual([{ value: expect.stringContaining(`process ${process.pid} on `) }]);
});

test("a database with tables of another program is refused, and they stay", async () => {
  const uri = await temporaryFolder();
  const database = await Database.connect(uri);
  await database.openOrReplace({ name: "pages", key: "id", columns: { id: "string" } });
  const use = (): Promise<void> => Promise.resolve();
  const refused = write({ uri, index: "chunks" }, use);
  await expect(refused).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  expect(await database.tableNames()).toEqual(["pages"]);
});
