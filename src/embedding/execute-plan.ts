import type { SiteragError } from "../words/errors.ts";
import { count } from "../words/amounts.ts";
import { NO_BUDGET } from "../planning/budget.ts";
import { tokensAsSent } from "../planning/estimate.ts";
import type { PoolUse } from "../words/metrics.ts";
import type { Plan, PlanItem, SettledItem, Usage } from "../words/types.ts";
import type { Polling } from "../sending/await-job.ts";
import type { CallGate } from "../sending/call-gate.ts";
import type { PlanExecution } from "./client.ts";
import { carriedOut, failureEvent } from "../sending/events.ts";
import type { Listener } from "../sending/events.ts";
import { notOk } from "../sending/given-up.ts";
import type { NotOk } from "../sending/given-up.ts";
import { memoryLedger } from "../sending/job-ledger.ts";
import { JobRefusals, resultWithoutRows } from "../sending/job-results.ts";
import { JobRoom } from "../sending/job-room.ts";
import { runPool } from "../sending/pool.ts";
import { RunCalls } from "./run-calls.ts";
import type { CallSettings, Packs } from "./run-calls.ts";
import { runJob } from "../sending/run-job.ts";
import type { JobContext, JobOutcome } from "../sending/run-job.ts";
import type { EmbeddingService } from "../sending/service.ts";
import { settleRows, withReason } from "./settle-rows.ts";
import { Spending } from "../sending/spending.ts";
import { UsageTally } from "./usage-tally.ts";

export interface ExecutionSettings extends CallSettings {
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly polling: Polling;
  /** Tells the listeners of the client. */
  readonly tell: Listener;
  /** The client's places for calls, which other runs may share; absent where it has none. */
  readonly gate?: Pick<CallGate, "watch">;
}

/**
 * Carries out a plan: the calls through a bounded pool, and then the jobs, side by side. Each pack
 * is settled as soon as it is answered.
 */
export async function executePlan(
  plan: Plan,
  execution: PlanExecution,
  service: EmbeddingService,
  settings: ExecutionSettings,
): Promise<Usage> {
  return new PlanRun(plan, execution, service, settings).toTheEnd();
}

/** One plan on its way. */
class PlanRun {
  readonly #plan: Plan;
  readonly #execution: PlanExecution;
  readonly #service: EmbeddingService;
  readonly #settings: ExecutionSettings;
  readonly #usage = new UsageTally();
  readonly #spending: Spending;
  readonly #calls: RunCalls;
  readonly #tell: Listener;
  readonly #startedAt: number;
  readonly #refusals: JobRefusals;
  #pending = 0;
  #served = 0;

  constructor(
    plan: Plan,
    execution: PlanExecution,
    service: EmbeddingService,
    settings: ExecutionSettings,
  ) {
    const { callsDeadlineMs = Number.POSITIVE_INFINITY, requestsOfDay, signal } = execution;
    this.#tell = (event) => {
      settings.tell(event);
      execution.onEvent?.(event);
    };
    this.#spending = execution.spending ?? new Spending(NO_BUDGET, settings.profile);
    this.#plan = plan;
    const settle = (settled: readonly SettledItem[]): Promise<void> => {
      for (const { result } of settled) {
        if (result.status === "pending") this.#pending += 1;
        if (result.status === "ok") this.#served += 1;
      }
      return execution.settle(settled);
    };
    this.#execution = { ...execution, settle };
    const { strategy } = plan;
    this.#refusals = new JobRefusals({ strategy, contents: "texts", logger: execution.logger });
    this.#service = service;
    this.#settings = settings;
    this.#startedAt = settings.clock.now();
    const deadlineAt = this.#startedAt + callsDeadlineMs;
    const spending = this.#spending;
    const context = { signal, deadlineAt, requestsOfDay, spending, tell: this.#tell };
    const usage = this.#usage;
    this.#calls = new RunCalls({ service, settings, context, usage, execution: this.#execution });
  }

  async toTheEnd(): Promise<Usage> {
    const { calls, jobs } = this.#plan;
    const poolUse = this.#settings.gate?.watch();
    try {
      await this.#calls.sendAll(calls);
      if (jobs.length > 0) await this.#runJobs(jobs);
    } finally {
      this.#tellEnd(poolUse?.() ?? null);
    }
    return this.#usage.total(this.#settings.profile);
  }

  /** A run that cannot go on has cost something, too. */
  #tellEnd(pool: PoolUse | null): void {
    const { clock, profile } = this.#settings;
    const { cacheHits = 0 } = this.#execution;
    if (this.#plan.estimate.texts + cacheHits === 0) return;
    const durationMs = clock.now() - this.#startedAt;
    const { averageLatencyMs } = this.#usage;
    const settled = { pending: this.#pending, served: this.#served };
    const run = { durationMs, averageLatencyMs, cacheHits, ...settled, pool };
    this.#tell(carriedOut(this.#plan, this.#usage.total(profile), run, profile));
  }

  async #runJobs(packs: Packs): Promise<void> {
    const { space, profile } = this.#settings;
    const { jobs } = this.#service;
    const { batch } = profile;
    if (jobs === null || batch === null) {
      throw new TypeError("The plan has a job, and the provider has none.");
    }
    const { ledger = memoryLedger(), signal } = this.#execution;
    // Each model has a quota of its own.
    const known = (await ledger.open()).filter((record) => record.space.model === space.model);
    const taken = known.reduce((sum, { tokens }) => sum + tokens, 0);
    const room = new JobRoom(batch.enqueuedTokens, taken);
    const run = (items: readonly PlanItem[]): Promise<void> =>
      this.#runJob(items, { service: jobs, ledger, room });
    await runPool(packs, batch.jobsAtOnce, run, signal);
  }

  async #runJob(
    items: readonly PlanItem[],
    among: Pick<JobContext, "service" | "ledger" | "room">,
  ): Promise<void> {
    const { inputsOf, signal, deadlineMs = Number.POSITIVE_INFINITY } = this.#execution;
    const { observe, onDeadline = "defer" } = this.#execution;
    const { clock, polling, random, space } = this.#settings;
    const refusal = this.#refusals.final;
    if (refusal !== null) return this.#settleRefused(items, refusal);
    const { fitting, tokens } = await this.#takeJob(items);
    if (fitting.length === 0) return;
    const { callsDeadlineMs = Number.POSITIVE_INFINITY } = this.#execution;
    let isCreated = false;
    const outcome = await runJob(fitting, {
      ...among,
      clock,
      polling,
      random,
      space,
      tokens: tokensAsSent(fitting, this.#settings.profile.batch),
      inputsOf,
      signal,
      onDeadline,
      observe,
      deadlineAt: this.#startedAt + deadlineMs,
      lastAt: this.#startedAt + callsDeadlineMs,
      onCreated: (sent) => {
        isCreated = true;
        this.#usage.addJob(fitting, sent);
        this.#spending.correct(tokens, sumOf(sent), "batch");
      },
      onState: (name, state) => this.#tell({ type: "job_state", name, state }),
    });
    const isUnsure = outcome.kind === "pending" && "mayExist" in outcome;
    if (!isCreated && !isUnsure) this.#spending.giveBack(tokens, "batch");
    await this.#settleOutcome(fitting, outcome, isCreated);
  }

  /** As much of a job as the budget still holds; the rest is settled. */
  async #takeJob(items: readonly PlanItem[]) {
    const { batch } = this.#settings.profile;
    const tokens = items.map((item) => tokensAsSent([item], batch));
    const fits = this.#spending.take(tokens, "batch");
    if (fits < items.length) {
      await this.#settleAll(items.slice(fits), notOk(this.#spending.refusal()));
    }
    return { fitting: items.slice(0, fits), tokens: tokens.slice(0, fits) };
  }

  async #settleOutcome(
    items: readonly PlanItem[],
    outcome: JobOutcome,
    isCreated: boolean,
  ): Promise<void> {
    if (outcome.kind === "rows") {
      await this.#settleJob(items, outcome, isCreated);
      return outcome.close();
    }
    if (outcome.kind === "refused") return this.#settleRefused(items, outcome.error);
    if (outcome.kind === "ended") this.#takeBack(items);
    return this.#settleAll(items, resultWithoutRows(outcome, "texts"));
  }

  async #settleRefused(items: readonly PlanItem[], error: SiteragError): Promise<void> {
    const result = this.#refusals.resultOf(error);
    await (result === null
      ? this.#calls.sendAll(this.#calls.pack(items))
      : this.#settleAll(items, result));
  }

  /** What a job has not served is neither charged nor taken from the budget. */
  #takeBack(items: readonly PlanItem[]): void {
    this.#spending.giveBack(this.#usage.takeBack(items), "batch");
  }

  #tellLeft(left: number, all: number): void {
    if (left === 0) return;
    const texts = `${left.toLocaleString("en")} of ${count(all, "text")}`;
    this.#execution.logger?.info(
      `${texts} that a batch job has not served go by individual calls, at their price`,
    );
  }

  /** One outcome for all. */
  async #settleAll(items: readonly PlanItem[], result: NotOk): Promise<void> {
    if (result.status === "failed") this.#tell(failureEvent(result.error, items.length));
    await this.#execution.settle(items.map((item) => ({ item, result })));
  }

  /** Rows that are right are safe before anything else is tried. */
  async #settleJob(
    items: readonly PlanItem[],
    { rows, isCancelled = false }: Extract<JobOutcome, { readonly kind: "rows" }>,
    wereInJob: boolean,
  ): Promise<void> {
    const settled = settleRows(items, rows, this.#settings.space.dimensions);
    const served = settled.filter(({ result }) => result.status === "ok");
    if (served.length > 0) await this.#execution.settle(served);
    const refused = new Map(
      settled.flatMap(({ item, result }) =>
        result.status === "failed" ? [[item.fingerprint, result.error]] : [],
      ),
    );
    const left = items.filter((item) => refused.has(item.fingerprint));
    const erred = new Set(rows.flatMap((row) => ("error" in row ? [row.key] : [])));
    const isFree = ({ fingerprint }: PlanItem): boolean => isCancelled || erred.has(fingerprint);
    const [free, lost] = [left.filter(isFree), left.filter((item) => !isFree(item))];
    this.#takeBack(free);
    this.#tellLeft(left.length, items.length);
    const asTold = (called: SettledItem): SettledItem =>
      withReason(called, refused.get(called.item.fingerprint));
    await this.#calls.sendAll(this.#calls.pack(free), { asTold });
    await this.#calls.sendAll(this.#calls.pack(lost), { wereInJob, asTold });
  }
}

const sumOf = (tokens: readonly number[]): number => tokens.reduce((sum, one) => sum + one, 0);
