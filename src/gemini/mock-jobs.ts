import type { JobRow, JobState } from "../embedding/service.ts";
import { SiteragError } from "../errors.ts";
import type { Clock } from "../types.ts";

interface Job {
  readonly rows: readonly JobRow[];
  readonly createdAt: number;
  /** Null: it never ends. */
  readonly end: JobState | null;
}

/** Batch jobs that take their time on a clock: half of it PENDING, half RUNNING. */
export class MockJobs {
  readonly #clock: Clock;
  readonly #durationMs: number;
  readonly #jobs = new Map<string, Job>();
  #created = 0;

  constructor(clock: Clock, durationMs: number) {
    this.#clock = clock;
    this.#durationMs = durationMs;
  }

  /** Creates a job and gives its name; `rows` is what it will answer. */
  create(rows: readonly JobRow[], end: JobState | null): string {
    this.#created += 1;
    const name = `batches/mock-${this.#created}`;
    this.#jobs.set(name, { rows, end, createdAt: this.#clock.now() });
    return name;
  }

  state(name: string): JobState {
    const { createdAt, end } = this.#job(name);
    const age = this.#clock.now() - createdAt;
    if (age < this.#durationMs / 2) return "PENDING";
    return end === null || age < this.#durationMs ? "RUNNING" : end;
  }

  /** Rows of a job that has succeeded, last one first; the job is forgotten. */
  take(name: string): readonly JobRow[] {
    const { rows } = this.#job(name);
    this.#jobs.delete(name);
    return rows.toReversed();
  }

  #job(name: string): Job {
    const job = this.#jobs.get(name);
    if (job === undefined) throw new SiteragError("JOB_FAILED", `There is no job ${name}.`);
    return job;
  }
}
