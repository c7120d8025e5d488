import { memoryLedger } from "../embedding/job-ledger.ts";
import { JobRoom } from "../embedding/job-room.ts";
import { Outage } from "../embedding/outage.ts";
import { runPool } from "../embedding/pool.ts";
import { runJob } from "../embedding/run-job.ts";
import type { JobOutcome } from "../embedding/run-job.ts";
import type { JobService } from "../embedding/service.ts";
import { FINAL } from "../embedding/settle-calls.ts";
import { FAILS_ALL, SiteragError } from "../errors.ts";
import type {
  GenerationExecution,
  GenerationRequest,
  GenerationResult,
} from "../generation/client.ts";
import type { UsageTally } from "../generation/usage-tally.ts";
import type { Roads } from "../planning/choose-roads.ts";
import type { Clock, EmbeddingSpace, PlanItem, Strategy } from "../types.ts";
import { withSetting } from "./generation-calls.ts";
import type { GenerationRow } from "./generation-jsonl.ts";
import { resultOfRows } from "./generation-jsonl.ts";

export interface GenerationRunOptions {
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
  readonly #given: GenerationExecution;
  readonly #outage = new Outage();
  /** What no further call can get past, once one has met it. */
  #final: GenerationResult | null = null;
  /** Why this account takes no jobs, once it has said so. */
  #refusal: SiteragError | null = null;
  #isRefusalTold = false;

  constructor(options: GenerationRunOptions, given: GenerationExecution) {
    this.#options = options;
    this.#given = given;
  }

  async carryOut({
    calls,
    jobs,
    strategy,
  }: Pick<Roads, "strategy" | "calls" | "jobs">): Promise<void> {
    const startedAt = this.#options.clock.now();
    await this.#callAll(calls.flat());
    const room = new JobRoom(Number.POSITIVE_INFINITY, 0);
    const run = async (items: readonly PlanItem[]): Promise<void> =>
      this.#refusal === null
        ? this.#settleOutcome(items, await this.#runJob(items, room, startedAt), strategy)
        : this.#settleRefused(items, this.#refusal, strategy);
    await runPool(jobs, this.#options.jobsAtOnce, run, this.#given.signal);
  }

  #callAll(items: readonly PlanItem[]): Promise<void> {
    const work = async (item: PlanItem): Promise<void> =>
      this.#settle([item], this.#final ?? notSent(this.#outage.reason) ?? (await this.#call(item)));
    return runPool(items, this.#options.maxParallel, work, this.#given.signal);
  }

  async #call(item: PlanItem): Promise<GenerationResult> {
    const [request] = await this.#given.requestsOf([item]);
    if (request === undefined) throw new TypeError(`No request for key ${item.fingerprint}.`);
    const result = await this.#options.call(request);
    const error = result.status === "ok" ? null : (result.error ?? null);
    if (error instanceof SiteragError && FINAL.has(error.code)) this.#final ??= result;
    this.#outage.note(error);
    return result;
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
      inputsOf: this.#given.requestsOf,
      onCreated: () => tally.addJob(),
    });
  }

  async #settleOutcome(
    items: readonly PlanItem[],
    outcome: JobOutcome<GenerationRow>,
    strategy: Strategy,
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
        return this.#settle(items, result);
      }
      case "ended": {
        const message = `${outcome.reason} Run \`siterag index\` again to send its prompts anew.`;
        const error = new SiteragError("JOB_FAILED", message);
        return this.#settle(items, { status: "failed", error });
      }
      case "failed": {
        const error = withSetting(outcome.error);
        return this.#settle(items, { status: "failed", error });
      }
      case "refused":
        return this.#settleRefused(items, outcome.error, strategy);
    }
  }

  /** Rows that are right are safe before what the job has not served goes by calls. */
  async #settleJob(items: readonly PlanItem[], rows: readonly GenerationRow[]): Promise<void> {
    const byKey = countRows(rows, this.#options.tally);
    const rowsOf = (item: PlanItem): readonly GenerationRow[] => byKey.get(item.fingerprint) ?? [];
    const isServed = (item: PlanItem): boolean =>
      resultOfRows(rowsOf(item)).status === "ok" ||
      rowsOf(item).some((row) => "error" in row && row.isBlocked);
    await this.#settleAll(
      items.filter(isServed).map((item) => [item, resultOfRows(rowsOf(item))] as const),
    );
    await this.#callAll(items.filter((item) => !isServed(item)));
  }

  /** Under `batch` the user has chosen to wait; an account without jobs would wait for ever. */
  #settleRefused(
    items: readonly PlanItem[],
    error: SiteragError,
    strategy: Strategy,
  ): Promise<void> {
    if (strategy === "batch" && error.code === "RATE_LIMITED") {
      return this.#settle(items, { status: "pending", job: null, reason: error.message });
    }
    if (error.code === "BATCH_UNAVAILABLE") this.#refusal = error;
    if (!this.#isRefusalTold) {
      this.#given.logger?.warn(`${error.message} Its prompts go by individual calls instead.`);
    }
    this.#isRefusalTold = true;
    return this.#callAll(items);
  }

  /** One outcome for all. */
  #settle(items: readonly PlanItem[], result: GenerationResult): Promise<void> {
    return this.#settleAll(items.map((item) => [item, result] as const));
  }

  #settleAll(settled: readonly (readonly [PlanItem, GenerationResult])[]): Promise<void> {
    return this.#given.settle(settled.map(([{ fingerprint: key }, result]) => ({ key, result })));
  }
}

/** What waits for a service that answers nobody. */
function notSent(error: SiteragError | null): GenerationResult | null {
  if (error === null) return null;
  const reason = `${error.message} Run \`siterag index\` again later.`;
  return { status: "pending", job: null, reason, error };
}

/** Counts what rows of jobs took, each key once, as far as the service says; gives them by key. */
export function countRows(
  rows: readonly GenerationRow[],
  tally: UsageTally,
): ReadonlyMap<string, readonly GenerationRow[]> {
  const byKey = Map.groupBy(rows, ({ key }) => key);
  for (const [first] of byKey.values()) {
    if (first?.tokens != null) tally.answered(first.tokens, "batch");
  }
  return byKey;
}
