import { FAILS_ALL, SiteragError } from "../errors.ts";
import { NO_BUDGET } from "../planning/budget.ts";
import { tokensAsSent } from "../planning/estimate.ts";
import { pack } from "../planning/pack.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Clock, EmbeddingResult, EmbeddingSpace, Plan, PlanItem, Usage } from "../types.ts";
import type { Polling } from "./await-job.ts";
import { CallGate } from "./call-gate.ts";
import type { PlanExecution, SettledItem } from "./client.ts";
import { carriedOut, failureOf } from "./events.ts";
import type { EventSource } from "./events.ts";
import { memoryLedger } from "./job-ledger.ts";
import { JobRoom } from "./job-room.ts";
import { runPool } from "./pool.ts";
import { runJob } from "./run-job.ts";
import type { JobContext, JobOutcome } from "./run-job.ts";
import type { EmbeddingService } from "./service.ts";
import { CallSettler } from "./settle-calls.ts";
import { settleRows, withReason } from "./settle-rows.ts";
import { Spending } from "./spending.ts";
import { UsageTally } from "./usage-tally.ts";

export interface ExecutionSettings {
  /** Individual calls under way at once. */
  readonly maxParallel: number;
  /** Texts in one individual call, at most. */
  readonly textsPerCall: number;
  readonly space: EmbeddingSpace;
  readonly profile: ProviderProfile;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly polling: Polling;
  readonly events: EventSource;
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

type Packs = readonly (readonly PlanItem[])[];

/** One plan on its way. */
class PlanRun {
  readonly #plan: Plan;
  readonly #execution: PlanExecution;
  readonly #service: EmbeddingService;
  readonly #settings: ExecutionSettings;
  readonly #usage = new UsageTally();
  readonly #spending: Spending;
  readonly #calls: CallSettler;
  readonly #startedAt: number;
  readonly #places: CallGate;
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
    this.#spending = execution.spending ?? new Spending(NO_BUDGET, settings.profile);
    this.#plan = plan;
    const settle = (settled: readonly SettledItem[]): Promise<void> => {
      this.#pending += settled.filter(({ result }) => result.status === "pending").length;
      return execution.settle(settled);
    };
    this.#execution = { ...execution, settle };
    this.#service = service;
    this.#settings = settings;
    const { clock, maxParallel: most } = settings;
    this.#startedAt = clock.now();
    this.#places = new CallGate({ most, maxQueued: Number.POSITIVE_INFINITY, clock });
    const deadlineAt = this.#startedAt + callsDeadlineMs;
    const bounds = { signal, deadlineAt, requestsOfDay, spending: this.#spending };
    this.#calls = new CallSettler(service, settings.space.dimensions, bounds);
  }

  async toTheEnd(): Promise<Usage> {
    const { calls, jobs } = this.#plan;
    await this.#callAll(calls);
    if (jobs.length > 0) await this.#runJobs(jobs);
    const usage = this.#usage.total(this.#settings.profile);
    this.#tell(usage);
    return usage;
  }

  #tell(usage: Usage): void {
    const { clock, events, profile } = this.#settings;
    const { cacheHits = 0 } = this.#execution;
    if (this.#plan.estimate.texts + cacheHits === 0) return;
    const durationMs = clock.now() - this.#startedAt;
    const { averageLatencyMs } = this.#usage;
    const pending = this.#pending;
    const run = { durationMs, averageLatencyMs, cacheHits, pending };
    events.emit(carriedOut(this.#plan, usage, run, profile));
  }

  /** Texts that have failed with their job. */
  async #fail(items: readonly PlanItem[], error: SiteragError): Promise<void> {
    this.#settings.events.emit(failureOf(error, items.length));
    await this.#execution.settle(allOf(items, { status: "failed", error }));
  }

  /** `asTold` may change an outcome before it is settled. */
  #callAll(
    packs: Packs,
    { wereInJob = false, asTold = (settled: SettledItem): SettledItem => settled } = {},
  ): Promise<void> {
    const { inputsOf, observe, signal } = this.#execution;
    const call = async (items: readonly PlanItem[]): Promise<void> => {
      if (signal?.aborted === true) return;
      const { settled, report } = await this.#calls.settle(items, inputsOf);
      for (const latencyMs of report?.latenciesMs ?? []) observe?.("individual", latencyMs / 1000);
      if (report !== null && wereInJob) this.#usage.addRepeated(report);
      if (report !== null && !wereInJob) this.#usage.addCalls(report);
      await this.#execution.settle(settled.map(asTold));
    };
    // Jobs that leave texts to calls share the places: so many answers are uncommitted, and no more.
    const inPlace = (items: readonly PlanItem[]): Promise<void> =>
      this.#places.run(() => call(items), NEVER);
    return runPool(packs, this.#settings.maxParallel, inPlace, signal);
  }

  /** Texts that a job has not served go by calls all the same. */
  #packs(items: readonly PlanItem[]): Packs {
    const { limits } = this.#settings.profile.individual;
    const texts = Math.min(this.#settings.textsPerCall, limits.texts);
    return pack(items, { ...limits, texts });
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
    const { clock, events, polling, random, space } = this.#settings;
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
      onState: events.tellState,
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
    await this.#callAll(this.#packs(items));
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
    await this.#callAll(this.#packs(free), { asTold });
    await this.#callAll(this.#packs(lost), { wereInJob, asTold });
  }
}

const sumOf = (tokens: readonly number[]): number => tokens.reduce((sum, one) => sum + one, 0);

const NEVER = new AbortController().signal;

const allOf = (items: readonly PlanItem[], result: EmbeddingResult): SettledItem[] =>
  items.map((item) => ({ item, result }));
