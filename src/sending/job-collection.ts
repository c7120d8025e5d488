import type { SiteragError } from "../words/errors.ts";
import type { ObserveLatency } from "../planning/latencies.ts";
import type { JobRecord, OnDeadline, SettledItem } from "../words/types.ts";
import type { JobLedger } from "./job-ledger.ts";

/** What looking after the jobs of earlier runs takes. */
export interface JobCollection extends CollectionBounds {
  /** Takes the vectors of a job that has ended; awaited before the job counts as collected. */
  readonly settle: (settled: readonly SettledItem[], record: JobRecord) => Promise<void>;
}

/** Is told of the state of a job, as the service calls it, without a prefix. */
export type OnJobState = (name: string, state: string) => void;

/** Which jobs of earlier runs are looked after, and for how long. */
export interface CollectionBounds {
  readonly ledger: JobLedger;
  /** Longest wait for jobs that go on, in milliseconds; 0 is one look. */
  readonly deadlineMs: number;
  /** What becomes of a job that has not ended then: it goes on (default), or is cancelled. */
  readonly onDeadline?: ((record: JobRecord) => Exclude<OnDeadline, "fail">) | undefined;
  /** Is told of jobs that are seen in another state than before. */
  readonly onState?: OnJobState | undefined;
  /** Is told how long jobs took. */
  readonly observe?: ObserveLatency | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A job that goes on. */
export interface JobOut {
  readonly record: JobRecord;
  /** Sentences. */
  readonly reason: string;
  /** What keeps it from being read. */
  readonly error?: SiteragError;
}

/** How the jobs of earlier runs stand. */
export interface CollectedJobs {
  /** Names of jobs that have ended, and whose vectors are safe. */
  readonly collected: readonly string[];
  readonly out: readonly JobOut[];
  /** One sentence for each job that has ended without vectors: its texts are planned anew. */
  readonly lost: readonly string[];
}
