import type { JobRecord } from "../words/plans.ts";

/**
 * The jobs of one provider that have not been collected, of all its models: written before money is
 * spent, and kept until every row of the job is safe.
 */
export interface JobLedger {
  /** Whoever writes into it now; goes into the records. */
  readonly owner: string;
  /** The index that orders jobs now. */
  readonly index: string;
  open(): Promise<readonly JobRecord[]>;
  /** Writes a record unless there is one of its display name, and gives the one that is there. */
  insert(record: JobRecord): Promise<JobRecord>;
  update(record: JobRecord): Promise<void>;
  /** The job is collected, has ended without rows, or is lost. */
  close(displayName: string): Promise<void>;
}

/** The ledger with those jobs alone that hold some of the keys. */
export const holding = (ledger: JobLedger, keys: ReadonlySet<string>): JobLedger => ({
  ...ledger,
  open: async () =>
    (await ledger.open()).filter((record) => record.fingerprints.some((one) => keys.has(one))),
});

/** A ledger that lives as long as the process: for sets of texts that no store stands behind. */
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
