import { z } from "zod";
import { SiteragError } from "../words/errors.ts";
import type { JobRecord } from "../words/types.ts";
import { quote } from "./sql.ts";
import type { Database } from "./database.ts";
import type { StoreTable } from "./store-table.ts";
import { spaceSchema } from "./meta.ts";
import { jobsTable } from "./tables.ts";
import type { JobColumns } from "./tables.ts";

/** A record in the store: with a version, because it outlives the program that wrote it. */
const recordSchema: z.ZodType<JobRecord> = z.object({
  version: z.literal(1),
  displayName: z.string(),
  name: z.string().nullable(),
  fingerprints: z.array(z.string()),
  tokens: z.number(),
  index: z.string(),
  owner: z.string(),
  skipped: z.array(z.string()),
  leaseUntil: z.number(),
  createdAt: z.string(),
  space: spaceSchema,
});

/** Batch jobs of the store that have not been collected: written before money is spent. */
export class Jobs {
  readonly #database: Database;
  #table: StoreTable<JobColumns> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** All that have not been forgotten, the oldest first. Takes no lock. Throws STORE_FAILED for what it cannot read. */
  async all(): Promise<JobRecord[]> {
    const table = await this.#database.open(jobsTable);
    // One of before records were JSON holds nothing that can be read.
    if (table === null || !(await table.hasColumnsOfSpec())) return [];
    const rows = await Array.fromAsync(table.scan(["displayName", "job"]));
    const records = rows.map(toRecord).filter((record) => !isForgotten(record));
    return records.sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  }

  /** Writes a job unless there is one of its display name, and gives the one that is there. */
  insert(job: JobRecord): Promise<JobRecord> {
    return this.#inTurn(async (table) => {
      await table.upsertIf(toRow(job), null);
      for await (const row of table.scan(["displayName", "job"], named(job.displayName))) {
        return toRecord(row);
      }
      return job;
    });
  }

  update(job: JobRecord): Promise<void> {
    return this.#inTurn((table) => table.upsert([toRow(job)]));
  }

  /** From now on it is as if there were no such job, in the list of the account, too. */
  forget(job: JobRecord): Promise<void> {
    const skipped = [...job.skipped, ...(job.name === null ? [] : [job.name])];
    return this.update({ ...job, name: null, fingerprints: [], skipped, leaseUntil: 0 });
  }

  /** The job is collected, has ended without rows, or is lost. */
  remove(displayName: string): Promise<void> {
    return this.#inTurn((table) => table.delete(named(displayName)));
  }

  /** Merges the files of many writes, if there were any. */
  async compact(): Promise<void> {
    if (this.#table === null) return;
    await this.#inTurn((table) => table.tidy());
  }

  /** One write after another: jobs run side by side, and writes into one table would collide. */
  #inTurn<Value>(write: (table: StoreTable<JobColumns>) => Promise<Value>): Promise<Value> {
    const written = this.#turn.then(async () => {
      this.#table ??= await this.#database.openOrReplace(jobsTable);
      return write(this.#table);
    });
    this.#turn = written.catch(() => undefined);
    return written;
  }
}

/** An intent always has a lease. */
const isForgotten = ({ name, leaseUntil }: JobRecord): boolean => name === null && leaseUntil === 0;

interface JobRow {
  readonly displayName: string;
  readonly job: string;
}

const named = (displayName: string): string => `displayName = ${quote(displayName)}`;

const toRow = (record: JobRecord): JobRow => ({
  displayName: record.displayName,
  job: JSON.stringify({ version: 1, ...record }),
});

function toRecord({ displayName, job }: JobRow): JobRecord {
  try {
    return recordSchema.parse(JSON.parse(job));
  } catch (cause) {
    // To go on without it would be to pay for its texts again.
    throw new SiteragError(
      "STORE_FAILED",
      `The store holds a batch job (${displayName}) that this version of siterag cannot read. Use the version that ordered it, or a newer one.`,
      { cause },
    );
  }
}
