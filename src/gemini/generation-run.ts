import { memoryLedger } from "../embedding/job-ledger.ts";
import { JobRoom } from "../embedding/job-room.ts";
import { runPool } from "../embedding/pool.ts";
import { runJob } from "../embedding/run-job.ts";
import type { JobOutcome } from "../embedding/run-job.ts";
import type { JobService } from "../embedding/service.ts";
import { FINAL } from "../embedding/settle-calls.ts";
import { FAILS_ALL, SiteragError } from "../errors.ts";
import type { GenerateOptions, GenerationRequest, GenerationResult } from "../generation/client.ts";
import type { UsageTally } from "../generation/usage-tally.ts";
import type { Clock, EmbeddingSpace, Plan, PlanItem } from "../types.ts";
import { withSetting } from "./generation-calls.ts";
import type { GenerationRow } from "./generation-jsonl.ts";
import { resultOfRows } from "./generation-jsonl.ts";

export interface GenerationRunOptions {
  readonly requests: ReadonlyMap<string, GenerationRequest>;
  readonly service: JobService<GenerationRequest, GenerationRow>;
  /** One request at once. What fails is a result. */
  readonly call: (request: GenerationRequest) => Promise<GenerationResult>;
  readonly tally: UsageTally;
  /** What jobs are written down under. */
  readonly space: EmbeddingSpace;
  readonly maxParallel: number;
  readonly jobsAtOnce: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** First pause and longest pause between two looks at a job: small jobs can take ten minutes. */
export const POLLING = { firstMs: 10_000, mostMs: 60_000 } as const;

/** One plan of requests on its way: calls through a bounded pool, then the jobs, side by side. */
export class GenerationRun {
  readonly #options: GenerationRunOptions;
  readonly #given: GenerateOptions;
  readonly #results = new Map<string, GenerationResult>();
  /** What no further call can get past, once one has met it. */
  #final: GenerationResult | null = null;
  /** Why this account takes no jobs, once it has said so. */
  #refusal: SiteragError | null = null;
  #isRefusalTold = false;

  constructor(options: GenerationRunOptions, given: GenerateOptions) {
    this.#options = options;
    this.#given = given;
  }

  /** What became of each request, by its key; nothing for those that were not sent. */
  async carryOut(plan: Plan): Promise<ReadonlyMap<string, GenerationResult>> {
    const startedAt = this.#options.clock.now();
    await this.#callAll(plan.calls.flat());
    const room = new JobRoom(Number.POSITIVE_INFINITY, 0);
    const run = async (items: readonly PlanItem[]): Promise<void> =>
      this.#refusal === null
        ? this.#settleOutcome(items, await this.#runJob(items, room, startedAt), plan)
        : this.#settleRefused(items, this.#refusal, plan);
    await runPool(plan.jobs, this.#options.jobsAtOnce, run, this.#given.signal);
    return this.#results;
  }

  #callAll(items: readonly PlanItem[]): Promise<void> {
    const { call, maxParallel } = this.#options;
    const work = async (item: PlanItem): Promise<void> => {
      const result = this.#final ?? (await call(this.#requestOf(item)));
      if (isFinal(result)) this.#final ??= result;
      await this.#settle([item], [result]);
    };
    return runPool(items, maxParallel, work, this.#given.signal);
  }

  #runJob(
    items: readonly PlanItem[],
    room: JobRoom,
    startedAt: number,
  ): Promise<JobOutcome<GenerationRow>> {
    const { service, space, clock, random, tally } = this.#options;
    const { ledger = memoryLedger(), signal, deadlineMs = Number.POSITIVE_INFINITY } = this.#given;
    const { onDeadline = "defer" } = this.#given;
    return runJob(items, {
      service,
      ledger,
      room,
      space,
      clock,
      random,
      signal,
      polling: POLLING,
      onDeadline,
      deadlineAt: startedAt + deadlineMs,
      lastAt: Number.POSITIVE_INFINITY,
      tokens: items.reduce((sum, item) => sum + item.tokens, 0),
      inputsOf: async (some) => some.map((item) => this.#requestOf(item)),
      onCreated: () => tally.addJob(),
    });
  }

  async #settleOutcome(
    items: readonly PlanItem[],
    outcome: JobOutcome<GenerationRow>,
    plan: Plan,
  ): Promise<void> {
    switch (outcome.kind) {
      case "rows": {
        await this.#settleJob(items, outcome.rows);
        return outcome.close();
      }
      case "pending": {
        const { error, job, reason } = outcome;
        // What no later run can read by itself is no success.
        const isFailed = error !== undefined && FAILS_ALL.has(error.code);
        const result = isFailed
          ? { status: "failed" as const, error: withSetting(error) }
          : { status: "pending" as const, job, reason };
        return this.#settle(
          items,
          items.map(() => result),
        );
      }
      case "ended": {
        const message = `${outcome.reason} Run \`siterag index\` again to send its prompts anew.`;
        const error = new SiteragError("JOB_FAILED", message);
        return this.#settle(
          items,
          items.map(() => ({ status: "failed", error })),
        );
      }
      case "failed": {
        const error = withSetting(outcome.error);
        return this.#settle(
          items,
          items.map(() => ({ status: "failed", error })),
        );
      }
      case "refused":
        return this.#settleRefused(items, outcome.error, plan);
    }
  }

  /** Rows that are right are safe before what the job has not served goes by calls. */
  async #settleJob(items: readonly PlanItem[], rows: readonly GenerationRow[]): Promise<void> {
    countRows(rows, this.#options.tally);
    const byKey = Map.groupBy(rows, (row) => row.key);
    const rowsOf = (item: PlanItem): readonly GenerationRow[] => byKey.get(item.fingerprint) ?? [];
    const isServed = (item: PlanItem): boolean =>
      resultOfRows(rowsOf(item)).status === "ok" ||
      rowsOf(item).some((row) => "error" in row && row.isBlocked);
    const served = items.filter(isServed);
    await this.#settle(served, served.map(rowsOf).map(resultOfRows));
    await this.#callAll(items.filter((item) => !isServed(item)));
  }

  /** Under `batch` the user has chosen to wait; an account without jobs would wait for ever. */
  #settleRefused(items: readonly PlanItem[], error: SiteragError, plan: Plan): Promise<void> {
    if (plan.strategy !== "batch" || error.code !== "RATE_LIMITED") {
      if (error.code === "BATCH_UNAVAILABLE") this.#refusal = error;
      if (!this.#isRefusalTold) {
        this.#given.logger?.warn(`${error.message} Its prompts go by individual calls instead.`);
      }
      this.#isRefusalTold = true;
      return this.#callAll(items);
    }
    const result = { status: "pending", job: null, reason: error.message } as const;
    return this.#settle(
      items,
      items.map(() => result),
    );
  }

  async #settle(items: readonly PlanItem[], results: readonly GenerationResult[]): Promise<void> {
    const settled = items.flatMap(({ fingerprint: key }, at) => {
      const result = results[at];
      return result === undefined ? [] : [{ key, result }];
    });
    // Whoever keeps them comes first: they are paid for.
    await this.#given.settle?.(settled);
    for (const { key, result } of settled) this.#results.set(key, result);
  }

  #requestOf({ fingerprint }: PlanItem): GenerationRequest {
    const request = this.#options.requests.get(fingerprint);
    if (request === undefined) throw new TypeError(`No request for key ${fingerprint}.`);
    return request;
  }
}

const isFinal = (result: GenerationResult): boolean => {
  const error = result.status === "ok" ? undefined : result.error;
  return error instanceof SiteragError && FINAL.has(error.code);
};

/** Counts what the rows of a job took, as far as the service says. */
function countRows(rows: readonly GenerationRow[], tally: UsageTally): void {
  for (const row of rows) {
    if ("answer" in row && row.tokens !== null) tally.answered(row.tokens);
  }
}
