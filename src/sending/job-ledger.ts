import type { JobRecord } from "../words/plans.ts";

/**
 * The jobs of one provider and all its models that are not collected. A job is written down before money
 * is spent, and stays until all of its rows are safe.
 */
export interface JobLedger {
  /** Unique id of this run, for its records. */
  readonly owner: string;
  /** The index that this run orders jobs for. */
  readonly index: string;
  open(): Promise<readonly JobRecord[]>;
  /** Writes a record unless its display name is taken, and gives the record under that name. */
  insert(record: JobRecord): Promise<JobRecord>;
  update(record: JobRecord): Promise<void>;
  /** Removes a job that is collected, ended without rows, or is lost. */
  close(displayName: string): Promise<void>;
}

/** The ledger without the jobs that hold none of the keys. */
export const holding = (ledger: JobLedger, keys: ReadonlySet<string>): JobLedger => ({
  ...ledger,
  open: async () =>
    (await ledger.open()).filter((record) => record.fingerprints.some((one) => keys.has(one))),
});

/** A ledger in memory, for sets of texts without a store. */
export function memoryLedger(): JobLedger {
  const records = new Map<string, JobRecord>();
  return {
    owner: "",
    index: "",
    open: async () => [...records.values()],
    async insert(record) {
      const known = records.get(record.displayName);
      if (known === undefined) records.set(record.displayName, record);
      return known ?? record;
    },
    async update(record) {
      records.set(record.displayName, record);
    },
    async close(displayName) {
      records.delete(displayName);
    },
  };
}
