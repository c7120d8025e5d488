import type {
  EndState,
  FoundJob,
  JobOrder,
  JobRow,
  JobService,
  JobStatus,
} from "../../sending/provider.ts";
import type { Clock } from "../../words/types.ts";

interface Job<Output> {
  readonly displayName: string;
  readonly rows: readonly JobRow<Output>[];
  readonly createdAt: number;
  /** Null: it never ends. */
  readonly end: EndState | null;
}

/** Batch jobs that run on a clock: PENDING for half of their time, then RUNNING. */
export class MockJobs<Output> {
  readonly #clock: Clock;
  readonly #durationMs: number;
  readonly #keepsRows: boolean;
  readonly #jobs = new Map<string, Job<Output>>();
  readonly #cancelled = new Set<string>();
  #created = 0;

  /** `keepsRows`: also after they are safe. */
  constructor(clock: Clock, durationMs: number, keepsRows = true) {
    this.#clock = clock;
    this.#durationMs = durationMs;
    this.#keepsRows = keepsRows;
  }

  /** Creates a job that will answer `rows`; returns its name. */
  create(displayName: string, rows: readonly JobRow<Output>[], end: EndState | null): string {
    this.#created += 1;
    const name = `batches/mock-${this.#created}`;
    this.#jobs.set(name, { displayName, rows, end, createdAt: this.#clock.now() });
    return name;
  }

  find(wanted: string): FoundJob[] {
    return [...this.#jobs].flatMap(([name, { displayName, createdAt }]) =>
      displayName === wanted
        ? [{ name, displayName, createdAt, end: this.status(name)?.end ?? null }]
        : [],
    );
  }

  status(name: string): JobStatus | null {
    const job = this.#jobs.get(name);
    if (job === undefined) return null;
    const state = this.#cancelled.has(name) ? "CANCELLED" : this.#stateOf(job);
    const end = state === "PENDING" || state === "RUNNING" ? null : state;
    const took = state === "SUCCEEDED" ? { tookMs: this.#durationMs } : {};
    return { state, end, message: null, ...took };
  }

  /** Rows of a succeeded job, last one first. */
  rows(name: string): readonly JobRow<Output>[] {
    if (this.status(name)?.end !== "SUCCEEDED") return [];
    return (this.#jobs.get(name)?.rows ?? []).toReversed();
  }

  /** As the service does in time. */
  #forgetRows(name: string): void {
    const job = this.#jobs.get(name);
    if (job !== undefined) this.#jobs.set(name, { ...job, rows: [] });
  }

  cancel(name: string): void {
    if (this.status(name)?.end === null) this.#cancelled.add(name);
  }

  service<Input>({
    countedWhen,
    tokensOf,
    create,
  }: Pick<JobService<Input, Output>, "countedWhen"> & {
    readonly tokensOf: (input: Input) => number;
    readonly create: (order: JobOrder<Input>) => string;
  }): JobService<Input, Output> {
    return {
      countedWhen,
      upload: async ({ texts }) => ({
        name: "files/mock",
        tokens: texts.map(({ input }) => tokensOf(input)),
      }),
      create: async (order) => create(order),
      find: async (displayName) => this.find(displayName),
      status: async (name) => this.status(name),
      rows: async (name) => this.rows(name),
      cancel: async (name) => this.cancel(name),
      tidy: async (name) => {
        if (!this.#keepsRows) this.#forgetRows(name);
      },
    };
  }

  #stateOf({ createdAt, end }: Job<Output>): EndState | "PENDING" | "RUNNING" {
    const age = this.#clock.now() - createdAt;
    if (age < this.#durationMs / 2) return "PENDING";
    return end === null || age < this.#durationMs ? "RUNNING" : end;
  }
}
