import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { withWriter } from "../../src/store/open-store.ts";
import type { StoreWriter } from "../../src/store/open-store.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import { StoreTable } from "../../src/store/store-table.ts";
import { leaseTable } from "../../src/store/tables.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { axis, openDatabase, space } from "./open-database.ts";
import { newTarget } from "./target.ts";

const START = Date.UTC(2030, 0, 1);

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const commit = ({ cache }: StoreWriter, key = "late"): Promise<void> =>
  cache.commit([{ key, value: axis(0) }]);

interface Kind {
  readonly what: string;
  readonly newTarget: () => Promise<StoreTarget>;
  /** Another run takes the lock. */
  readonly take: (store: StoreWriter, target: StoreTarget) => Promise<void>;
  /** The lock is gone, as when another run took and released it. */
  readonly remove: (store: StoreWriter, target: StoreTarget) => Promise<void>;
}

const leaseOf = ({ database }: StoreWriter) => database.openOrCreate(leaseTable);
const lockFile = ({ uri }: StoreTarget): string => join(uri, "writer.lock");

const KINDS: readonly Kind[] = [
  {
    what: "lease",
    newTarget: async () => ({ uri: "memory://", index: "chunks" }),
    take: async (store) => {
      const value = "2030-01-01T00:30:00.000Z process 7 on elsewhere some-uuid";
      await (await leaseOf(store)).upsert([{ key: "writer", value }]);
    },
    remove: async (store) => (await leaseOf(store)).delete("key = 'writer'"),
  },
  {
    what: "lock file",
    newTarget,
    take: (_store, target) => {
      const since = "2030-01-01T00:00:00.000Z";
      const theirs = { token: "theirs", pid: 7, host: "elsewhere", since };
      return writeFile(lockFile(target), JSON.stringify(theirs));
    },
    remove: (_store, target) => rm(lockFile(target)),
  },
];

test.for(
  KINDS.flatMap(
    (kind) =>
      [
        { ...kind, lose: "take" },
        { ...kind, lose: "remove" },
      ] as const,
  ),
)(
  "after a $what was lost ($lose), each write is refused, and the run ends with the reason",
  async ({ newTarget: place, lose, ...kind }) => {
    const target = await place();
    const clock = createVirtualClock(START);
    const run = withWriter({ target, space, clock }, async (store) => {
      await commit(store, "early");
      await kind[lose](store, target);
      clock.advance(60_000);
      await expect(commit(store)).rejects.toMatchObject({ code: "STORE_LOCKED" });
      await expect(store.pages.write([], ["page.md"])).rejects.toMatchObject({
        code: "STORE_LOCKED",
      });
      expect(await store.cache.present(["early", "late"])).toEqual(new Set(["early"]));
      expect(store.signal.reason).toMatchObject({ code: "STORE_LOCKED" });
      throw new Error("That is how a run ends which cannot write.");
    });
    await expect(run).rejects.toMatchObject({
      code: "STORE_LOCKED",
      message: expect.stringContaining("Wait until the other run has ended"),
    });
  },
);

test.for(KINDS)(
  "a run stops when it finds that its $what was taken, before it writes",
  async (kind) => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const target = await kind.newTarget();
    const clock = createVirtualClock(START);
    const run = withWriter({ target, space, clock }, async (store) => {
      await kind.take(store, target);
      clock.advance(15_000);
      vi.advanceTimersByTime(15_000);
      await vi.waitFor(() => store.signal.throwIfAborted());
      await new Promise((_, reject) => {
        store.signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
      });
    });
    await expect(run).rejects.toMatchObject({ code: "STORE_LOCKED" });
  },
);

test.for(KINDS)(
  "a $what that nobody took while the process slept is renewed before a write",
  async (kind) => {
    const target = await kind.newTarget();
    const clock = createVirtualClock(START);
    await withWriter({ target, space, clock }, async (store) => {
      clock.advance(600_000);
      await commit(store);
      expect(store.signal.aborted).toBe(false);
      expect(await store.cache.present(["late"])).toEqual(new Set(["late"]));
    });
  },
);

const unreachable = (): void => {
  vi.spyOn(StoreTable.prototype, "updateIf").mockRejectedValue(new Error("no network"));
};

test("a renewal that fails is tried again", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const clock = createVirtualClock(START);
  const target = { uri: "memory://", index: "chunks" };
  await withWriter({ target, space, clock }, async (store) => {
    unreachable();
    clock.advance(30_000);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(store.signal.aborted).toBe(false);
    vi.restoreAllMocks();
    const lease = await leaseOf(store);
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.waitFor(async () => {
      const rows = await Array.fromAsync(lease.scan(["value"]));
      expect(rows).toEqual([{ value: expect.stringMatching(/^2030-01-01T00:01:30/u) }]);
    });
  });
});

test("a run that could not renew its lease for 45 s stops for good", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const clock = createVirtualClock(START);
  const target = { uri: "memory://", index: "chunks" };
  const run = withWriter({ target, space, clock }, async (store) => {
    unreachable();
    clock.advance(44_999);
    await vi.advanceTimersByTimeAsync(5_000);
    await commit(store, "early");
    clock.advance(1);
    await vi.advanceTimersByTimeAsync(5_000);
    vi.restoreAllMocks();
    await expect(commit(store)).rejects.toMatchObject({ code: "STORE_LOCKED" });
  });
  await expect(run).rejects.toMatchObject({
    code: "STORE_LOCKED",
    message:
      "The store's lock could not be renewed for 45 s, so another run may take it. This run stopped writing; what it had written stays. Check that the store can be reached, then start this run again.",
  });
});

const spec = { name: "things", key: "key", columns: { key: "string", vector: "vector?" } } as const;

test("a guard can refuse each way to write", async () => {
  const database = await openDatabase();
  const row = { key: "a", vector: axis(0) };
  await (await database.openOrReplace({ ...spec, dimensions: 4 })).append([row]);
  const refuse = (): Promise<never> => Promise.reject(new Error("refused"));
  const guarded = database.guardedBy(refuse);
  const table = await guarded.openOrReplace({ ...spec, dimensions: 4 });
  const version = await table.version();
  const writes = {
    append: () => table.append([row]),
    upsert: () => table.upsert([row]),
    "upsert of none": () => table.upsert([], "key = 'a'"),
    upsertIf: () => table.upsertIf(row, null),
    updateIf: () => table.updateIf(row, "true"),
    delete: () => table.delete("true"),
    compact: () => table.compact(),
    tidy: () => table.tidy(),
    indexVectors: () => table.indexVectors("vector", 0, "true"),
    drop: () => guarded.drop("things"),
    openOrReplace: () => guarded.openOrReplace({ ...spec, dimensions: 8 }),
    openOrCreate: () => guarded.openOrCreate({ ...spec, name: "others", dimensions: 4 }),
  };
  for (const [name, write] of Object.entries(writes)) {
    await expect(write(), name).rejects.toThrow("refused");
  }
  expect(await table.version()).toBe(version);
  expect(await database.tableNames()).toEqual(["things"]);
});
