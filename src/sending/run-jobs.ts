import type { SiteragError } from "../words/errors.ts";
import { count } from "../words/amounts.ts";
import { tokensAsSent } from "../planning/estimate.ts";
import type { Plan, PlanItem } from "../words/plans.ts";
import type { Unfinished } from "../words/types.ts";
import type { CallRun } from "./attempt.ts";
import type { Execution } from "./client.ts";
import { EnqueuedTokenLimit } from "./enqueued-tokens.ts";
import { failureEvent } from "./events.ts";
import { memoryLedger, type JobLedger } from "./job-ledger.ts";
import { JobRefusals, resultWithoutRows } from "./job-results.ts";
import type { EngineParts } from "./engine-options.ts";
import { runPool } from "./pool.ts";
import type { JobService } from "./provider.ts";
import type { RunCalls } from "./run-calls.ts";
import { runJob, type JobOutcome } from "./run-job.ts";
import { settleRows, withReason, type SettledRow } from "./settle-rows.ts";
import { unfinished } from "./unfinished.ts";

interface RunJobsOptions<Input, Output> {
  readonly plan: Plan;
  readonly execution: Execution<Input, Output>;
  readonly engine: EngineParts<Input, Output>;
  /** For what jobs do not serve. */
  readonly calls: RunCalls<Input, Output>;
  readonly run: CallRun;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What the jobs of a run share. */
interface Shared<Input, Output> {
  readonly service: JobService<Input, Output>;
  readonly ledger: JobLedger;
  readonly enqueued: EnqueuedTokenLimit;
}

/** As much of a pack as the budget holds, in a job of its own. */
interface TakenJob {
  readonly items: readonly PlanItem[];
  /** Tokens of each that are taken from the budget. */
  held: readonly number[];
  isCreated: boolean;
}

/** The jobs of one run, side by side. What a job does not serve goes by calls. */
export class RunJobs<Input, Output> {
  readonly #options: RunJobsOptions<Input, Output>;
  readonly #refusals: JobRefusals;

  constructor(options: RunJobsOptions<Input, Output>) {
    this.#options = options;
    const { engine, execution, plan } = options;
    const { contents } = engine;
    const { logger } = execution;
    this.#refusals = new JobRefusals({ strategy: plan.strategy, contents, logger });
  }

  async runAll(): Promise<void> {
    const { engine, execution, plan } = this.#options;
    const { jobs: service } = engine.provider;
    const { profile, space } = engine.client;
    const { batch } = profile;
    if (service === null || batch === null) {
      throw new TypeError("The plan has a job, and the provider has none.");
    }
    const { ledger = memoryLedger(), signal } = execution;
    // Each model has a quota of its own.
    const known = (await ledger.open()).filter((record) => record.space.model === space.model);
    const taken = known.reduce((sum, { tokens }) => sum + tokens, 0);
    const enqueued = new EnqueuedTokenLimit(batch.enqueuedTokens, taken);
    const run = (items: readonly PlanItem[]): Promise<void> =>
      this.#run(items, { service, ledger, enqueued });
    await runPool(plan.jobs, batch.jobsAtOnce, run, signal);
  }

  async #run(items: readonly PlanItem[], shared: Shared<Input, Output>): Promise<void> {
    const refusal = this.#refusals.final;
    if (refusal !== null) return this.#settleRefused(items, refusal);
    const job = await this.#take(items);
    if (job.items.length === 0) return;
    const outcome = await this.#runJob(job, shared);
    const isUnsure = outcome.kind === "pending" && "mayExist" in outcome;
    const isRead = outcome.kind === "rows" && shared.service.countedWhen === "read";
    if (!job.isCreated && !isUnsure && !isRead) {
      this.#options.run.spending.giveBack(job.held, "batch");
    }
    await this.#settleOutcome(job, outcome, isRead);
  }

  /** As much of a job as the budget still holds; the rest is settled. */
  async #take(items: readonly PlanItem[]): Promise<TakenJob> {
    const { engine, run } = this.#options;
    const { batch } = engine.client.profile;
    const tokens = items.map((item) => tokensAsSent([item], batch));
    const fits = run.spending.take(tokens, "batch");
    if (fits < items.length) {
      await this.#settleAll(items.slice(fits), unfinished(run.spending.refusal()));
    }
    return { items: items.slice(0, fits), held: tokens.slice(0, fits), isCreated: false };
  }

  #runJob(
    job: TakenJob,
    { service, ledger, enqueued }: Shared<Input, Output>,
  ): Promise<JobOutcome<Output>> {
    const { engine, execution, run, startedAt } = this.#options;
    const { inputsOf, signal, observe, onDeadline = "defer" } = execution;
    const { callsDeadlineMs = Number.POSITIVE_INFINITY, deadlineMs = Number.POSITIVE_INFINITY } =
      execution;
    const { client, clock, pollMs, random, retries } = engine;
    return runJob(job.items, {
      service,
      ledger,
      enqueued,
      clock,
      pollMs,
      random,
      retries,
      space: client.space,
      tokens: sumOf(job.held),
      inputsOf,
      signal,
      onDeadline,
      observe,
      onCreated: (sent) => this.#onCreated(job, sent, service.countedWhen),
      deadlineAt: startedAt + deadlineMs,
      lastAt: startedAt + callsDeadlineMs,
      onState: (name, state) => run.tell({ type: "job_state", name, state }),
    });
  }

  #onCreated(
    job: TakenJob,
    sent: readonly number[],
    countedWhen: JobService<Input, Output>["countedWhen"],
  ): void {
    const { spending, tally } = this.#options.run;
    job.isCreated = true;
    tally.addJob(job.items, countedWhen === "created" ? sent : []);
    if (countedWhen === "read") return;
    spending.correct(job.held, { input: sumOf(sent), output: 0 }, "batch");
    job.held = sent;
  }

  async #settleOutcome(job: TakenJob, outcome: JobOutcome<Output>, isRead: boolean): Promise<void> {
    const { contents, provider } = this.#options.engine;
    if (outcome.kind === "rows") {
      const { rows, isCancelled = false } = outcome;
      const settled = settleRows(job.items, rows, provider.check, isCancelled);
      settled.forEach((row, at) => this.#count(row, job, job.held[at] ?? 0, isRead));
      await this.#settleRows(settled, job.isCreated);
      return outcome.close();
    }
    if (outcome.kind === "refused") return this.#settleRefused(job.items, outcome.error);
    if (outcome.kind === "ended" && job.isCreated) this.#takeBack(job.items, job.held);
    return this.#settleAll(job.items, resultWithoutRows(outcome, contents));
  }

  async #settleRefused(items: readonly PlanItem[], error: SiteragError): Promise<void> {
    const result = this.#refusals.resultOf(error);
    await (result === null ? this.#options.calls.sendAnew(items) : this.#settleAll(items, result));
  }

  /** One outcome for all. */
  async #settleAll(items: readonly PlanItem[], result: Unfinished): Promise<void> {
    const { execution, run } = this.#options;
    if (result.status === "failed") run.tell(failureEvent(result.error, items.length, 0));
    await execution.settle(items.map((item) => ({ item, result })));
  }

  /** What the row of a text says that it has taken counts, instead of the estimate. */
  #count(row: SettledRow<Output>, job: TakenJob, held: number, isRead: boolean): void {
    const { spending, tally } = this.#options.run;
    const { isFree, isServed, item, tokens } = row;
    if (isFree && !isServed && tokens === null) {
      if (job.isCreated) return this.#takeBack([item], [held]);
      return isRead ? spending.giveBack([held], "batch") : undefined;
    }
    if (!isRead) return undefined;
    const charged = { input: tokens?.input ?? held, output: tokens?.output ?? 0 };
    tally.addTokens(charged, "batch");
    return spending.correct([held], charged, "batch");
  }

  /** What a job has not served is neither charged nor taken from the budget. */
  #takeBack(items: readonly PlanItem[], held: readonly number[]): void {
    this.#options.run.tally.takeBack(items);
    this.#options.run.spending.giveBack(held, "batch");
  }

  #tellLeft(left: number, all: number): void {
    if (left === 0) return;
    const { engine, execution } = this.#options;
    const texts = `${left.toLocaleString("en")} of ${count(all, engine.contents)}`;
    execution.logger?.info?.(
      `${texts} that a batch job has not served go by individual calls, at their price`,
    );
  }

  /** Rows that are right are safe before anything else is tried. */
  async #settleRows(settled: readonly SettledRow<Output>[], wereInJob: boolean): Promise<void> {
    const { calls, execution } = this.#options;
    const served = settled.filter(({ isServed }) => isServed);
    if (served.length > 0) {
      await execution.settle(served.map(({ item, result }) => ({ item, result })));
    }
    const left = settled.filter(({ isServed }) => !isServed);
    const errors = new Map(
      left.flatMap(({ item, result }) =>
        result.status === "failed" ? [[item.fingerprint, result.error]] : [],
      ),
    );
    const asTold = (called: Parameters<typeof withReason<Output>>[0]) =>
      withReason(called, errors.get(called.item.fingerprint));
    const free = left.filter(({ isFree }) => isFree).map(({ item }) => item);
    const lost = left.filter(({ isFree }) => !isFree).map(({ item }) => item);
    this.#tellLeft(left.length, settled.length);
    await calls.sendAnew(free, { asTold });
    await calls.sendAnew(lost, { wereInJob, asTold });
  }
}

const sumOf = (tokens: readonly number[]): number => tokens.reduce((sum, one) => sum + one, 0);
