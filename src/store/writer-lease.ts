import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { SiteragError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";
import { quote } from "./sql.ts";
import type { Database } from "./database.ts";
import type { StoreTable } from "./store-table.ts";
import { leaseTable } from "./tables.ts";
import type { MetaColumns } from "./tables.ts";
import type { WriterLock } from "./writer-lock.ts";

const WAIT_MS = 30_000;
const RETRY_MS = 1_000;
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

const KEY = "writer";

/**
 * The writer's lock of a store without a file system: a row that runs out unless renewed.
 * Its value begins with the time it runs out, so that one comparison of texts decides. Waits 30 s
 * for a living holder, then throws STORE_LOCKED naming it.
 */
export async function acquireLease(
  database: Database,
  clock: Clock,
  signal?: AbortSignal,
): Promise<WriterLock> {
  const table = await database.openOrCreate(leaseTable);
  const owner = `${process.pid} on ${hostname()} ${randomUUID()}`;
  const deadline = clock.now() + WAIT_MS;
  while (!(await tryTake(table, owner, clock))) {
    if (clock.now() >= deadline) throw leased(await readLease(table));
    await clock.sleep(RETRY_MS, signal);
  }
  let renewed = Promise.resolve();
  const renewal = setInterval(() => {
    renewed = renewed.then(() => renew(table, owner, clock)).catch(() => undefined);
  }, RENEW_MS).unref();
  return {
    async release() {
      clearInterval(renewal);
      // One under way would bring the row back after it is deleted.
      await renewed;
      await table.delete(`key = '${KEY}' AND value LIKE ${quote(`%${owner}`)}`);
    },
  };
}

const leaseRow = (owner: string, clock: Clock): { key: string; value: string } => ({
  key: KEY,
  value: `${new Date(clock.now() + LEASE_MS).toISOString()} process ${owner}`,
});

async function tryTake(
  table: StoreTable<MetaColumns>,
  owner: string,
  clock: Clock,
): Promise<boolean> {
  const now = new Date(clock.now()).toISOString();
  await table.upsertIf(leaseRow(owner, clock), `target.value < ${quote(now)}`);
  return (await readLease(table))?.endsWith(owner) === true;
}

async function renew(table: StoreTable<MetaColumns>, owner: string, clock: Clock): Promise<void> {
  await table.upsertIf(leaseRow(owner, clock), `target.value LIKE ${quote(`%${owner}`)}`);
}

async function readLease(table: StoreTable<MetaColumns>): Promise<string | null> {
  for await (const { value } of table.scan(["value"], `key = '${KEY}'`)) return value;
  return null;
}

function leased(value: string | null): SiteragError {
  const [until = "", ...who] = (value ?? "").split(" ");
  return new SiteragError(
    "STORE_LOCKED",
    `The store is being written by ${who.slice(0, -1).join(" ")}; its lease runs until ${until}. Try again then.`,
  );
}
