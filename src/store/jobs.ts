import { z } from "zod";
import { once } from "../words/once.ts";
import { SiteragError } from "../words/errors.ts";
import { parsedJson } from "../words/json.ts";
import type { JobRecord } from "../words/plans.ts";
import { namesOf, type RowOf } from "./arrow-rows.ts";
import { quote } from "./sql.ts";
import type { Database } from "./database.ts";
import type { StoreTable } from "./store-table.ts";
import { spaceSchema } from "./meta.ts";
import { jobsTable } from "./tables.ts";

const { columns } = jobsTable;
type JobRow = RowOf<typeof columns>;
type JobsTable = StoreTable<typeof columns>;

/** A record as stored. It has a version, because other versions of siterag may read it. */
const recordSchema = once((): z.ZodType<JobRecord> =>
  z.object({
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
  }),
);

/** The batch jobs of the store that were not collected yet. Each is written before it costs money. */
export class Jobs {
  readonly #database: Database;
  #table: JobsTable | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  /** All jobs, once they were read by the only process that may change them. */
  #known: Promise<JobRecord[]> | null = null;
  /** Display names of jobs that are certainly stored: this process alone may remove them. */
  readonly #stored = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** All jobs except forgotten ones, the oldest first. Throws STORE_FAILED for an unreadable record. */
  async all(): Promise<JobRecord[]> {
    if (!this.#database.isExclusive) return this.#read();
    const known = (this.#known ??= this.#read());
    try {
      return [...(await known)];
    } catch (error) {
      if (this.#known === known) this.#known = null;
      throw error;
    }
  }

  async #read(): Promise<JobRecord[]> {
    const table = await this.#database.open(jobsTable);
    // Early versions of siterag did not store JSON; their records cannot be read.
    if (table === null || !(await table.hasColumnsOfSpec())) return [];
    const rows = await Array.fromAsync(table.scan(namesOf(columns)));
    const records = rows.map(toRecord).filter((record) => !isForgotten(record));
    return records.sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  }

  /** Writes a job unless one has its display name already. Returns the one that is stored. */
  insert(job: JobRecord): Promise<JobRecord> {
    return this.#inTurn(async (table) => {
      await table.upsertIf(toRow(job), null);
      if (this.#database.isExclusive) this.#stored.add(job.displayName);
      const stored = table.scan(namesOf(columns), named(job.displayName));
      return (await Array.fromAsync(stored)).map(toRecord)[0] ?? job;
    });
  }

  update(job: JobRecord): Promise<void> {
    const { displayName } = job;
    return this.#inTurn((table) =>
      this.#stored.has(displayName)
        ? table.set(toRow(job), named(displayName))
        : table.upsert([toRow(job)]),
    );
  }

  /** Treats the job as if it did not exist; a run that lists the jobs of the account skips it, too. */
  forget(job: JobRecord): Promise<void> {
    const skipped = [...job.skipped, ...(job.name === null ? [] : [job.name])];
    return this.update({ ...job, name: null, fingerprints: [], skipped, leaseUntil: 0 });
  }

  /** For a job that is collected, that ended without rows, or that is lost. */
  remove(displayName: string): Promise<void> {
    return this.#inTurn((table) => {
      this.#stored.delete(displayName);
      return table.delete(named(displayName));
    });
  }

  /** Removes the record of a job if it cannot be read. True if it was there. */
  async removeUnreadable(displayName: string): Promise<boolean> {
    const rows = this.#database.scan(jobsTable, namesOf(columns), named(displayName));
    const [row] = await Array.fromAsync(rows);
    if (row === undefined || isReadable(row)) return false;
    await this.remove(displayName);
    return true;
  }

  /** Merges the files of many writes, if there were any. */
  async tidy(): Promise<void> {
    if (this.#table === null) return;
    await this.#inTurn((table) => table.pruneIfWorthwhile());
  }

  /** Writes one after another: jobs run in parallel, and parallel writes into a table would collide. */
  #inTurn<Value>(write: (table: JobsTable) => Promise<Value>): Promise<Value> {
    const written = this.#turn.then(async () => {
      this.#table ??= await this.#database.openOrReplace(jobsTable);
      try {
        return await write(this.#table);
      } finally {
        this.#known = null;
      }
    });
    this.#turn = written.catch(() => undefined);
    return written;
  }
}

/** A job that is about to be created has no name either, but it has a lease. */
const isForgotten = ({ name, leaseUntil }: JobRecord): boolean => name === null && leaseUntil === 0;

const named = (displayName: string): string => `displayName = ${quote(displayName)}`;

function toRow(record: JobRecord): JobRow {
  return { displayName: record.displayName, job: JSON.stringify({ version: 1, ...record }) };
}

const isReadable = ({ job }: JobRow): boolean => recordSchema().safeParse(parsedJson(job)).success;

function toRecord({ displayName, job }: JobRow): JobRecord {
  const record = recordSchema().safeParse(parsedJson(job));
  if (record.success) return record.data;
  // Ignoring the record would mean paying for its texts again.
  throw new SiteragError(
    "STORE_FAILED",
    `This version of siterag cannot read the batch job ${displayName} in the table jobs of the store. Use the version that created the job, or a newer one. If the record is damaged, \`siterag jobs cancel ${displayName} --forget\` removes it; its texts may be paid for again.`,
    { cause: record.error },
  );
}
