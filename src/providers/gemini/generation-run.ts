import { memoryLedger } from "../../sending/job-ledger.ts";
import { notOk } from "../../sending/given-up.ts";
import { JobRefusals, resultWithoutRows } from "../../sending/job-results.ts";
import { JobRoom } from "../../sending/job-room.ts";
import { runPool } from "../../sending/pool.ts";
import { runJob } from "../../sending/run-job.ts";
import type { JobOutcome } from "../../sending/run-job.ts";
import type { JobService } from "../../sending/service.ts";
import { SendingStop } from "../../sending/sending-stop.ts";
import type { SiteragError } from "../../words/errors.ts";
import type {
  GenerationExecution,
  GenerationRequest,
  GenerationResult,
} from "../../generation/client.ts";
import type { UsageTally } from "../../generation/usage-tally.ts";
import type { Roads } from "../../planning/choose-roads.ts";
import type { Clock, EmbeddingSpace, PlanItem } from "../../words/types.ts";
import { withSetting } from "./generation-calls.ts";
import type { GenerationRow } from "./generation-jsonl.ts";
import { chargedFor, isServed, resultOfRows } from "./generation-jsonl.ts";

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
  readonly #stop = new SendingStop();
  readonly #refusals: JobRefusals;
  readonly #roads: Roads;

  constructor(roads: Roads, options: GenerationRunOptions, given: GenerationExecution) {
    this.#roads = roads;
    this.#options = options;
    this.#given = given;
    const { strategy } = roads;
    this.#refusals = new JobRefusals({ strategy, contents: "prompts", logger: given.logger });
  }

  async toTheEnd(): Promise<void> {
    const { calls, jobs } = this.#roads;
    const startedAt = this.#options.clock.now();
    await this.#callAll(calls.flat());
    const room = new JobRoom(Number.POSITIVE_INFINITY, 0);
    const run = async (items: readonly PlanItem[]): Promise<void> => {
      const refusal = this.#refusals.final;
      if (refusal !== null) return this.#settleRefused(items, refusal);
      const fitting = await this.#takeJob(items);
      if (fitting.length > 0) {
        await this.#settleOutcome(fitting, await this.#runJob(fitting, room, startedAt));
      }
    };
    await runPool(jobs, this.#options.jobsAtOnce, run, this.#given.signal);
  }

  #callAll(items: readonly PlanItem[]): Promise<void> {
    const work = async (item: PlanItem): Promise<void> =>
      this.#settle([item], this.#stop.unsent ?? (await this.#call(item)));
    return runPool(items, this.#options.maxParallel, work, this.#given.signal);
  }

  async #call(item: PlanItem): Promise<GenerationResult> {
    const [request] = await this.#given.requestsOf([item]);
    if (request === undefined) throw new TypeError(`No request for key ${item.fingerprint}.`);
    const result = await this.#options.call(request);
    this.#stop.note([result.status === "ok" ? null : (result.error ?? null)]);
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
      onState: this.#given.onState,
      deadlineAt: startedAt + deadlineMs,
      lastAt: Number.POSITIVE_INFINITY,
      tokens: items.reduce((sum, item) => sum + item.tokens, 0),
      inputsOf: this.#given.requestsOf,
      onCreated: () => tally.addJob(),
    });
  }

  /** As much of a job as the budget still holds; the rest is settled. */
  async #takeJob(items: readonly PlanItem[]): Promise<readonly PlanItem[]> {
    const { spending } = this.#given;
    const fitting: PlanItem[] = [];
    for (const item of items) {
      const refusal = spending?.take(item.tokens, "batch") ?? null;
      if (refusal === null) fitting.push(item);
      else await this.#settle([item], notOk(refusal));
    }
    return fitting;
  }

  /** What the service has charged counts, instead of what was taken for it. */
  #count({ tokens }: PlanItem, rows: readonly GenerationRow[], isCancelled: boolean): void {
    const { spending } = this.#given;
    const charged = chargedFor(rows, tokens, isCancelled);
    if (charged === null) return spending?.giveBack(tokens, "batch");
    spending?.correct(tokens, charged, "batch");
    this.#options.tally.answered(charged, "batch");
  }

  async #settleOutcome(
    items: readonly PlanItem[],
    outcome: JobOutcome<GenerationRow>,
  ): Promise<void> {
    if (outcome.kind === "rows") {
      await this.#settleJob(items, outcome);
      return outcome.close();
    }
    if (outcome.kind === "refused" || outcome.kind === "ended") {
      for (const { tokens } of items) this.#given.spending?.giveBack(tokens, "batch");
    }
    if (outcome.kind === "refused") return this.#settleRefused(items, outcome.error);
    const result = resultWithoutRows(outcome, "prompts");
    return this.#settle(
      items,
      result.status === "failed" ? { ...result, error: withSetting(result.error) } : result,
    );
  }

  /** Rows that are right are safe before what the job has not served goes by calls. */
  async #settleJob(
    items: readonly PlanItem[],
    { rows, isCancelled = false }: Extract<JobOutcome<GenerationRow>, { readonly kind: "rows" }>,
  ): Promise<void> {
    const byKey = Map.groupBy(rows, ({ key }) => key);
    const rowsOf = (item: PlanItem): readonly GenerationRow[] => byKey.get(item.fingerprint) ?? [];
    const [served, left] = [
      items.filter((item) => isServed(rowsOf(item))),
      items.filter((item) => !isServed(rowsOf(item))),
    ];
    for (const item of items) this.#count(item, rowsOf(item), isCancelled);
    await this.#settleAll(served.map((item) => [item, resultOfRows(rowsOf(item))] as const));
    await this.#callAll(left);
  }

  #settleRefused(items: readonly PlanItem[], error: SiteragError): Promise<void> {
    const result = this.#refusals.resultOf(error);
    return result === null ? this.#callAll(items) : this.#settle(items, result);
  }

  /** One outcome for all. */
  #settle(items: readonly PlanItem[], result: GenerationResult): Promise<void> {
    return this.#settleAll(items.map((item) => [item, result] as const));
  }

  #settleAll(settled: readonly (readonly [PlanItem, GenerationResult])[]): Promise<void> {
    return this.#given.settle(settled.map(([{ fingerprint: key }, result]) => ({ key, result })));
  }
}
