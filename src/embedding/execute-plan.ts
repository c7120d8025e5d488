import { FAILS_ALL, SiteragError } from "../errors.ts";
import { NO_BUDGET } from "../planning/budget.ts";
import { tokensAsSent } from "../planning/estimate.ts";
import type { PoolUse } from "../metrics.ts";
import type { EmbeddingResult, Plan, PlanItem, SettledItem, Usage } from "../types.ts";
import type { Polling } from "./await-job.ts";
import type { CallGate } from "./call-gate.ts";
import type { PlanExecution } from "./client.ts";
import { carriedOut, failureOf } from "./events.ts";
import type { Listener } from "./events.ts";
import { memoryLedger } from "./job-ledger.ts";
import { JobRoom } from "./job-room.ts";
import { runPool } from "./pool.ts";
import { RunCalls } from "./run-calls.ts";
import type { CallSettings, Packs } from "./run-calls.ts";
import { runJob } from "./run-job.ts";
import type { JobContext, JobOutcome } from "./run-job.ts";
import type { EmbeddingService } from "./service.ts";
import { settleRows, withReason } from "./settle-rows.ts";
import { Spending } from "./spending.ts";
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
  /** Why this account takes no jobs, once it has said so. */
  #refusal: SiteragError | null = null;
  #isRefusalTold = false;
  #pending = 0;

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
      this.#pending += settled.filter(({ result }) => result.status === "pending").length;
      return execution.settle(settled);
    };
    this.#execution = { ...execution, settle };
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
    const pending = this.#pending;
    const run = { durationMs, averageLatencyMs, cacheHits, pending, pool };
    this.#tell(carriedOut(this.#plan, this.#usage.total(profile), run, profile));
  }

  /** Texts that have failed with their job. */
  async #fail(items: readonly PlanItem[], error: SiteragError): Promise<void> {
    this.#tell(failureOf(error, items.length));
    await this.#execution.settle(allOf(items, { status: "failed", error }));
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
    if (this.#refusal !== null) return this.#settleRefused(items, this.#refusal);
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
      const error = this.#spending.refusal();
      const result = { status: "pending", job: null, reason: error.message, error } as const;
      await this.#execution.settle(allOf(items.slice(fits), result));
    }
    return { fitting: items.slice(0, fits), tokens: tokens.slice(0, fits) };
  }

  async #settleOutcome(
    items: readonly PlanItem[],
    outcome: JobOutcome,
    isCreated: boolean,
  ): Promise<void> {
    const { settle } = this.#execution;
    switch (outcome.kind) {
      case "rows":
        await this.#settleJob(items, outcome, isCreated);
        return outcome.close();
      case "pending": {
        const { error, job, reason } = outcome;
        // What no later run can read by itself is no success.
        return error !== undefined && FAILS_ALL.has(error.code)
          ? this.#fail(items, new SiteragError(error.code, reason))
          : settle(allOf(items, { status: "pending", job, reason }));
      }
      case "ended": {
        this.#usage.takeBack(items);
        const message = `${outcome.reason} Run \`siterag index\` again to send its texts anew.`;
        return this.#fail(items, new SiteragError("JOB_FAILED", message));
      }
      case "failed":
        return this.#fail(items, outcome.error);
      case "refused":
        return this.#settleRefused(items, outcome.error);
    }
  }

  /** Under `batch` the user has chosen to wait; an account without jobs would wait for ever. */
  async #settleRefused(items: readonly PlanItem[], error: SiteragError): Promise<void> {
    if (this.#plan.strategy === "batch" && error.code === "RATE_LIMITED") {
      const reason = `${error.message} Run \`siterag index\` again later.`;
      const result = { status: "pending", job: null, reason } as const;
      return this.#execution.settle(allOf(items, result));
    }
    if (error.code === "BATCH_UNAVAILABLE" && this.#refusal === null) this.#refusal = error;
    if (!this.#isRefusalTold) {
      this.#execution.logger?.warn(`${error.message} Its texts go by individual calls instead.`);
    }
    this.#isRefusalTold = true;
    await this.#calls.sendAll(this.#calls.pack(items));
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
    this.#usage.takeBack(free);
    const asTold = (called: SettledItem): SettledItem =>
      withReason(called, refused.get(called.item.fingerprint));
    await this.#calls.sendAll(this.#calls.pack(free), { asTold });
    await this.#calls.sendAll(this.#calls.pack(lost), { wereInJob, asTold });
  }
}

const sumOf = (tokens: readonly number[]): number => tokens.reduce((sum, one) => sum + one, 0);

const allOf = (items: readonly PlanItem[], result: EmbeddingResult): SettledItem[] =>
  items.map((item) => ({ item, result }));
