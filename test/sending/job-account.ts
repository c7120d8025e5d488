import { CallFailure } from "../../src/sending/call-failure.ts";
import type { EndState, FoundJob, JobRow, JobService, Upload } from "../../src/sending/provider.ts";
import { SiteragError } from "../../src/words/errors.ts";
import type { ErrorCode } from "../../src/words/errors.ts";
import type { Clock, Embedded, EmbeddingInput } from "../../src/words/types.ts";

/** A job of the account, whoever has made it. */
export interface AccountJob {
  readonly displayName: string;
  readonly createdAt: number;
  end: EndState | null;
}

/** What a create comes to: the job, a refusal, a loss with the job made, a loss without one. */
type Fate = "made" | "refused" | "lost-made" | "lost";

/** An account of batch jobs whose every create goes as it is told to; what happens is written down. */
export class JobAccount {
  readonly jobs = new Map<string, AccountJob>();
  readonly log: string[] = [];
  /** What creates come to, in their order; after them, all are made. */
  fates: Fate[] = [];
  /** What every look answers with. */
  lookFails: ErrorCode | null = null;
  rows: readonly JobRow<Embedded>[] = [];
  /** How a job ends that is cancelled; null: it goes on. */
  endOnCancel: EndState | null = null;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A job that somebody else has made. */
  add(name: string, displayName: string, createdAt: number): void {
    this.jobs.set(name, { displayName, createdAt, end: null });
  }

  end(name: string, end: EndState): void {
    const job = this.jobs.get(name);
    if (job !== undefined) job.end = end;
  }

  get service(): JobService<EmbeddingInput, Embedded> {
    return {
      countedWhen: "created",
      upload: async (): Promise<Upload> => ({ name: "files/1", tokens: [10, 10] }),
      create: async ({ displayName }) => {
        this.log.push(`create at ${this.#clock.now()}`);
        const fate = this.fates.shift() ?? "made";
        if (fate === "refused") throw failure("RATE_LIMITED", false);
        const name = `batches/${this.jobs.size + 1}`;
        if (fate !== "lost") this.add(name, displayName, this.#clock.now());
        if (fate !== "made") throw failure("UNAVAILABLE", true);
        return name;
      },
      find: async (displayName) => {
        this.log.push(`find at ${this.#clock.now()}`);
        return this.#found.filter((job) => job.displayName === displayName);
      },
      status: async (name) => {
        this.log.push(`look at ${name}`);
        if (this.lookFails !== null) throw failure(this.lookFails, false);
        const job = this.jobs.get(name);
        return job === undefined
          ? null
          : { state: job.end ?? "PENDING", end: job.end, message: null };
      },
      rows: async () => this.rows,
      cancel: async (name) => {
        this.log.push(`cancel ${name}`);
        if (this.endOnCancel !== null) this.end(name, this.endOnCancel);
      },
      tidy: async (name) => {
        this.log.push(`tidy ${name}`);
      },
    };
  }

  get #found(): FoundJob[] {
    return [...this.jobs].map(([name, job]) => ({ name, ...job }));
  }
}

const failure = (code: ErrorCode, isLost: boolean): CallFailure =>
  new CallFailure(new SiteragError(code, `The service answered ${code}.`), "retry", { isLost });
