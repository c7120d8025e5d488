import type { Clock } from "../../../src/words/types.ts";
import { BatchJob, tokensOf } from "./batch-job.ts";
import type { JobInput } from "./batch-job.ts";
import type { GenerationCounters } from "./generation-counters.ts";
import type { Counters } from "./counters.ts";
import { deliveredOf, inlinedResponse, outcomesOf, outputLine } from "./job-output.ts";
import type { Outcome } from "./job-output.ts";
import { randomId } from "./random-id.ts";
import type { StoredFiles } from "./stored-files.ts";

/** How long jobs can be read: https://ai.google.dev/gemini-api/docs/batch-api */
const LIFE_MS = 6 * 7 * 24 * 3_600_000;

/** Jobs that may wait or run at the same time: https://ai.google.dev/gemini-api/docs/rate-limits */
const MAX_UNFINISHED = 100;

/** The output of a succeeded job. */
export interface JobOutput {
  /** Rows that were embedded or answered. */
  readonly served: number;
  /** Null if the answers are in the operation itself. */
  readonly fileName: string | null;
  /** Empty if the answers are in a file. */
  readonly responses: readonly unknown[];
}

/** A job as tests see it. */
export interface SeenJob {
  readonly name: string;
  readonly displayName: string | null;
  /** `BATCH_STATE_…` */
  readonly state: string;
  readonly texts: readonly string[];
}

/** All jobs of an account. Each access first applies what happened since the last one. */
export class JobStore {
  readonly #clock: Clock;
  readonly #durationMs: number;
  readonly #counters: Counters;
  readonly #generation: GenerationCounters;
  readonly #files: StoredFiles;
  readonly #jobs: BatchJob[] = [];
  readonly #deleted = new Set<BatchJob>();
  readonly #outputs = new Map<BatchJob, JobOutput>();

  constructor(
    clock: Clock,
    durationMs: number,
    { counters, generation }: { counters: Counters; generation: GenerationCounters },
    files: StoredFiles,
  ) {
    this.#clock = clock;
    this.#generation = generation;
    this.#durationMs = durationMs;
    this.#counters = counters;
    this.#files = files;
  }

  create(input: JobInput): BatchJob {
    const name = `batches/${randomId(36)}`;
    const job = new BatchJob(name, input, this.#clock.now(), this.#durationMs);
    this.#jobs.push(job);
    return job;
  }

  find(name: string): BatchJob | null {
    return this.listed.find((job) => job.name === name) ?? null;
  }

  /** The jobs that can be read, newest first. */
  get listed(): readonly BatchJob[] {
    const since = this.#clock.now() - LIFE_MS;
    return this.#jobs
      .filter((job) => job.createdAt > since && !this.#deleted.has(job))
      .toReversed();
  }

  /** Deletes a job, and stops it if it has not ended. */
  delete(job: BatchJob): void {
    this.settle();
    job.stop(this.#clock.now());
    this.#deleted.add(job);
  }

  /** Whether a job with this many tokens fits beside those that have not ended. */
  hasRoom(tokens: number, enqueuedTokens: number): boolean {
    const now = this.#clock.now();
    const unfinished = this.listed.filter((job) => !job.isDoneAt(now));
    const enqueued = unfinished.reduce((sum, job) => sum + tokensOf(job.input), 0);
    return unfinished.length < MAX_UNFINISHED && enqueued + tokens <= enqueuedTokens;
  }

  /** The output of a job, or null if there is none yet. */
  outputOf(job: BatchJob): JobOutput | null {
    this.settle();
    return this.#outputs.get(job) ?? null;
  }

  /** The texts of the job with that output file. */
  textsBehind(fileName: string): readonly string[] {
    const job = [...this.#outputs].find(([, output]) => output.fileName === fileName)?.[0];
    return job?.input.rows.map(({ text }) => text) ?? [];
  }

  /** Bills each job that has succeeded since the last call, and writes its output. */
  settle(): void {
    const now = this.#clock.now();
    for (const job of this.#jobs) {
      if (this.#outputs.has(job) || job.stateAt(now) !== "SUCCEEDED") continue;
      this.#outputs.set(job, this.#finish(job));
    }
  }

  /** Every job ever created, in order, deleted ones included. */
  get seen(): readonly SeenJob[] {
    const now = this.#clock.now();
    return this.#jobs.map((job) => ({
      name: job.name,
      displayName: job.input.displayName,
      state: `BATCH_STATE_${job.stateAt(now)}`,
      texts: job.input.rows.map(({ text }) => text),
    }));
  }

  #finish(job: BatchJob): JobOutput {
    const outcomes = outcomesOf(job);
    const orders = outcomes.flatMap(({ answer, row }) =>
      "values" in answer && "tokens" in row.order ? [row.order] : [],
    );
    const bills = outcomes.flatMap(({ answer, row }) =>
      "response" in answer && "bill" in row.order ? [row.order.bill] : [],
    );
    if (job.input.kind === "EmbedContent") this.#counters.bill("jobs", orders);
    else this.#generation.bill("jobs", bills);
    const delivered = deliveredOf(job, outcomes);
    const served = orders.length + bills.length;
    if (job.input.fileName === null) {
      return { served, fileName: null, responses: delivered.map(inlinedResponse) };
    }
    return { served, fileName: this.#write(job, delivered), responses: [] };
  }

  #write(job: BatchJob, outcomes: readonly Outcome[]): string {
    const name = `files/batch-${job.name.slice("batches/".length)}`;
    const head = { name, displayName: null, mimeType: "application/jsonl" };
    const bytes = Buffer.from(outcomes.map(outputLine).join(""));
    this.#files.put({ ...head, source: "GENERATED" }, bytes);
    return name;
  }
}
