import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { SiteragError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";
import { quote } from "./sql.ts";
import type { Database } from "./database.ts";
import type { StoreTable } from "./store-table.ts";
import { leaseTable } from "./tables.ts";
import { HeldLock, type Tell } from "./held-lock.ts";

const RETRY_MS = 1_000;
const LEASE_MS = 60_000;
const RENEW_AFTER_MS = 10_000;

const KEY = "writer";

/**
 * Takes the writer's lock of a store without a file system: a row that expires unless it is renewed. Its
 * value begins with the time at which it expires, so comparing two texts is enough. Waits 30 s for
 * another holder, then throws STORE_LOCKED with the holder's name.
 */
export async function acquireLease(
  database: Database,
  clock: Clock,
  signal?: AbortSignal,
  tell?: Tell,
): Promise<HeldLock> {
  const table = await database.openOrCreate(leaseTable);
  const owner = `${process.pid} on ${hostname()} ${randomUUID()}`;
  const isOurs = async () => (await readLease(table))?.endsWith(owner) === true;
  const lock = {
    clock,
    retryMs: RETRY_MS,
    async tryTake() {
      const now = clock.now();
      const hasExpired = `target.value < ${quote(new Date(now).toISOString())}`;
      await table.upsertIf(leaseRow(owner, now), hasExpired);
      return isOurs();
    },
    holder: async () => holderOf(await readLease(table)),
    refusal: async () => leased(await readLease(table)),
    expiresMs: LEASE_MS,
    renewAfterMs: RENEW_AFTER_MS,
    async renew() {
      // Never inserts the row: if it is gone, another run may have had the lease meanwhile.
      await table.updateIf(leaseRow(owner, clock.now()), isOf(owner, "target.value"));
      return isOurs();
    },
    release: () => table.delete(`key = '${KEY}' AND ${isOf(owner, "value")}`),
  };
  return HeldLock.take(lock, signal, tell);
}

const isOf = (owner: string, column: string): string => `${column} LIKE ${quote(`%${owner}`)}`;

const leaseRow = (owner: string, now: number): { key: string; value: string } => ({
  key: KEY,
  value: `${new Date(now + LEASE_MS).toISOString()} process ${owner}`,
});

async function readLease(
  table: StoreTable<typeof leaseTable.columns>,
): Promise<string | undefined> {
  return (await Array.fromAsync(table.scan(["value"], `key = '${KEY}'`)))[0]?.value;
}

/** The holder's name in a lease, without the run's own id. */
const holderOf = (value = ""): string =>
  value.split(" ").slice(1, -1).join(" ") || "another process";

const leased = (value = ""): SiteragError =>
  new SiteragError(
    "STORE_LOCKED",
    `The store is being written by ${holderOf(value)}. Try again when that run has ended; if it was killed, after ${value.split(" ")[0]}.`,
  );
