import type { KnownJob } from "../types.ts";
import type { RowOf } from "./arrow-rows.ts";
import { quote } from "./lancedb.ts";
import type { Database, StoreTable } from "./lancedb.ts";
import { jobsTable } from "./tables.ts";
import type { JobColumns } from "./tables.ts";

/** Batch jobs of the store that have not been collected: written before money is spent. */
export class Jobs {
  readonly #database: Database;
  #table: StoreTable<JobColumns> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** All of them, the oldest first. Takes no lock. */
  async all(): Promise<KnownJob[]> {
    const table = await this.#database.open(jobsTable);
    if (table === null) return [];
    const rows = await Array.fromAsync(table.scan(COLUMNS));
    return rows.map(fromRow).sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  }

  /** Writes a job unless there is one of its display name, and gives the one that is there. */
  insert(job: KnownJob): Promise<KnownJob> {
    return this.#inTurn(async (table) => {
      await table.upsertIf(toRow(job), null);
      for await (const row of table.scan(COLUMNS, named(job.displayName))) return fromRow(row);
      return job;
    });
  }

  update(job: KnownJob): Promise<void> {
    return this.#inTurn((table) => table.upsert([toRow(job)]));
  }

  /** The job is collected, has ended without rows, or is lost. */
  remove(displayName: string): Promise<void> {
    return this.#inTurn((table) => table.delete(named(displayName)));
  }

  /** Merges the files of many writes, if there were any. */
  async compact(): Promise<void> {
    if (this.#table === null) return;
    await this.#inTurn(async (table) => {
      await table.compact();
      await table.dropOldVersions();
    });
  }

  /** One write after another: jobs run side by side, and writes into one table would collide. */
  #inTurn<Value>(write: (table: StoreTable<JobColumns>) => Promise<Value>): Promise<Value> {
    const written = this.#turn.then(async () => {
      this.#table ??= await this.#database.openOrCreate(jobsTable);
      return write(this.#table);
    });
    this.#turn = written.catch(() => undefined);
    return written;
  }
}

const named = (displayName: string): string => `displayName = ${quote(displayName)}`;

const COLUMNS = [
  "displayName",
  "name",
  "fingerprints",
  "tokens",
  "index",
  "owner",
  "leaseUntil",
  "createdAt",
  "provider",
  "model",
  "dimensions",
  "taskForm",
] as const;

const toRow = ({ space, leaseUntil, ...record }: KnownJob): RowOf<JobColumns> => ({
  ...record,
  ...space,
  leaseUntil: new Date(leaseUntil).toISOString(),
});

function fromRow(row: RowOf<JobColumns>): KnownJob {
  const { provider, model, dimensions, taskForm, leaseUntil, ...record } = row;
  const space = { provider, model, dimensions, taskForm };
  return { ...record, leaseUntil: Date.parse(leaseUntil), space };
}
