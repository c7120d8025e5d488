import { hostname } from "node:os";
import { expect, test, vi } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { Meta } from "../../src/store/meta.ts";
import { leaseTable } from "../../src/store/tables.ts";
import { acquireLease } from "../../src/store/writer-lease.ts";
import type { Clock } from "../../src/words/types.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { openDatabase } from "./open-database.ts";

const START = Date.UTC(2030, 0, 1);

async function leasesIn(database: Database): Promise<string[]> {
  const table = await database.openOrReplace(leaseTable);
  const rows = await Array.fromAsync(table.scan(["value"], "key = 'writer'"));
  return rows.map((row) => row.value);
}

/** Writes a lease of another writer that expires `leftMs` after START. */
async function leaseHeld(database: Database, leftMs: number): Promise<void> {
  const table = await database.openOrReplace(leaseTable);
  const until = new Date(START + leftMs).toISOString();
  await table.upsert([{ key: "writer", value: `${until} process 7 on elsewhere some-uuid` }]);
}

test("a free lease is taken at once, for a minute; its release leaves nothing", async () => {
  const database = await openDatabase();
  const clock = createVirtualClock(START);
  const lease = await acquireLease(database, clock);
  expect(clock.now()).toBe(START);
  const who = `2030-01-01T00:01:00.000Z process ${process.pid} on ${hostname()} `;
  expect(await leasesIn(database)).toEqual([expect.stringContaining(who)]);
  await lease.release();
  expect(await leasesIn(database)).toEqual([]);
});

test("a second writer waits 30 s and then names process and host of the first", async () => {
  const database = await openDatabase();
  await leaseHeld(database, 60_000);
  const clock = createVirtualClock(START);
  await expect(acquireLease(database, clock)).rejects.toMatchObject({
    code: "STORE_LOCKED",
    message:
      "The store is being written by process 7 on elsewhere. Try again when that run has ended; if it was killed, after 2030-01-01T00:01:00.000Z.",
  });
  expect(clock.now() - START).toBe(30_000);
  expect(await leasesIn(database)).toEqual([expect.stringContaining("elsewhere")]);
});

test.for([
  { what: "has run out is taken over at once", leftMs: -1, waitedMs: 0 },
  { what: "runs out meanwhile is taken over then", leftMs: 10_500, waitedMs: 11_000 },
])("a lease that $what", async ({ leftMs, waitedMs }) => {
  const database = await openDatabase();
  await leaseHeld(database, leftMs);
  const clock = createVirtualClock(START);
  const lease = await acquireLease(database, clock);
  expect(clock.now() - START).toBe(waitedMs);
  expect(await leasesIn(database)).toEqual([expect.stringContaining(`process ${process.pid} on`)]);
  await lease.release();
});

test("two writers in one process exclude each other", async () => {
  const database = await openDatabase();
  const clock = createVirtualClock(START);
  const first = await acquireLease(database, clock);
  const message = expect.stringContaining(`process ${process.pid} on ${hostname()}.`);
  const refused = { code: "STORE_LOCKED", message };
  await expect(acquireLease(database, clock)).rejects.toMatchObject(refused);
  await first.release();
});

test("a lease that is released lets the waiter in", async () => {
  const database = await openDatabase();
  const clock = createVirtualClock(START);
  const first = await acquireLease(database, clock);
  const releasing: Clock = {
    now: () => clock.now(),
    async sleep(ms, signal) {
      await first.release();
      await clock.sleep(ms, signal);
    },
  };
  const second = await acquireLease(database, releasing);
  expect(clock.now() - START).toBe(1000);
  expect(await leasesIn(database)).toHaveLength(1);
  await second.release();
  expect(await leasesIn(database)).toEqual([]);
});

test("an abort ends the wait with the signal's reason", async () => {
  const database = await openDatabase();
  await leaseHeld(database, 60_000);
  const reason = new Error("enough");
  const clock = createVirtualClock(START);
  const refused = acquireLease(database, clock, AbortSignal.abort(reason));
  await expect(refused).rejects.toBe(reason);
  expect(clock.now()).toBe(START);
  expect(await leasesIn(database)).toEqual([expect.stringContaining("elsewhere")]);
});

test("if several writers start at the same time, one gets the lease", async () => {
  const database = await openDatabase();
  await database.openOrReplace(leaseTable);
  const waiting = Array.from({ length: 4 }, () =>
    acquireLease(database, createVirtualClock(START)),
  );
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.map(({ status }) => status).sort()).toEqual([
    "fulfilled",
    "rejected",
    "rejected",
    "rejected",
  ]);
  expect(await leasesIn(database)).toHaveLength(1);
});

test("releasing does not remove a lease that another writer has taken over", async () => {
  const database = await openDatabase();
  const lease = await acquireLease(database, createVirtualClock(START));
  await leaseHeld(database, 60_000);
  await lease.release();
  expect(await leasesIn(database)).toEqual([expect.stringContaining("elsewhere")]);
});

test("a holder renews its lease until it is released, and other facts stay", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const database = await openDatabase();
    const clock = createVirtualClock(START);
    await new Meta(database).setSchemaVersion(1);
    const lease = await acquireLease(database, clock);
    clock.advance(15_000);
    vi.advanceTimersByTime(15_000);
    const renewed = [expect.stringMatching(/^2030-01-01T00:01:15\.000Z process /u)];
    await vi.waitFor(async () => expect(await leasesIn(database)).toEqual(renewed));
    await lease.release();
    expect(vi.getTimerCount()).toBe(0);
    expect(await leasesIn(database)).toEqual([]);
    expect(await new Meta(database).schemaVersion()).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test("a renewal under way when the lease is released does not bring it back", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const database = await openDatabase();
    const clock = createVirtualClock(START);
    const lease = await acquireLease(database, clock);
    clock.advance(15_000);
    vi.advanceTimersByTime(15_000);
    await lease.release();
    await new Meta(database).setSchemaVersion(1);
    await new Meta(database).setSchemaVersion(2);
    expect(await leasesIn(database)).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
