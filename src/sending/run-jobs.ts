import { tokensAsSent } from "../planning/estimate.ts";
import { count, grouped } from "../words/amounts.ts";
import type { SiteragError } from "../words/errors.ts";
import type { Plan, PlanItem, SettledItem } from "../words/plans.ts";
import type { Unfinished } from "../words/types.ts";
import type { CallRun } from "./attempt.ts";
import type { Execution } from "./client.ts";
import type { EngineParts } from "./engine-options.ts";
import { EnqueuedTokenLimit } from "./enqueued-tokens.ts";
import { failureEvent, jobRoomEvent } from "./events.ts";
import type { JobContext } from "./job-context.ts";
import { memoryLedger } from "./job-ledger.ts";
import {
  chargedFor,
  inPieces,
  JobRefusals,
  resultWithoutRows,
  settleRows,
  withReason,
  type SettledRow,
} from "./job-results.ts";
import { runPool } from "../words/pool.ts";
import type { RunCalls } from "./run-calls.ts";
import { runJob, type JobOutcome } from "./run-job.ts";
import { Turns } from "./turns.ts";
import { unfinished } from "./unfinished.ts";
import { tellingLater } from "./wait-lines.ts";

interface RunJobsOptions<Input, Output> {
  readonly plan: Plan;
  readonly execution: Execution<Input, Output>;
  readonly engine: EngineParts<Input, Output>;
  /** For texts that jobs do not serve. */
  readonly calls: RunCalls<Input, Output>;
  readonly run: CallRun;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What the jobs of a run share. */
type Shared<Input, Output> = Omit<JobContext<Input, Output>, "tokens" | "onCreated">;

/** A job with as many texts of its pack as the budget holds. */
interface TakenJob {
  readonly items: readonly PlanItem[];
  /** Tokens of each text that are taken from the budget. */
  held: readonly number[];
  /** This run created it. */
  isCreated: boolean;
}

/** The jobs of one run, side by side. Texts that a job does not serve go by calls. */
export class RunJobs<Input, Output> {
  readonly #options: RunJobsOptions<Input, Output>;
  readonly #refusals = new JobRefusals();

  constructor(options: RunJobsOptions<Input, Output>) {
    this.#options = options;
  }

  async runAll(): Promise<void> {
    const { engine, execution, plan, run, startedAt } = this.#options;
    const { client, clock, pollMs, provider, random, retries } = engine;
    const { inputsOf, ledger = memoryLedger(), observe, onDeadline = "defer", signal } = execution;
    const { callsDeadlineMs = Infinity, deadlineMs = Infinity } = execution;
    const { jobs: service } = provider;
    const { profile, space } = client;
    if (service === null || profile.batch === null) {
      throw new TypeError("The plan has a job, and the provider has none.");
    }
    // Each model has a quota of its own.
    const earlier = (await ledger.open()).filter((record) => record.space.model === space.model);
    const taken = earlier.reduce((sum, { tokens }) => sum + tokens, 0);
    const shared: Shared<Input, Output> = {
      service,
      ledger,
      enqueued: new EnqueuedTokenLimit(profile.batch.enqueuedTokens, taken),
      clock,
      pollMs,
      random,
      retries,
      space,
      inputsOf,
      signal,
      onDeadline,
      reading: new Turns(),
      observe,
      deadlineAt: startedAt + deadlineMs,
      lastAt: startedAt + callsDeadlineMs,
      tell: run.tell,
    };
    let waiting = plan.jobs.length;
    const work = (items: readonly PlanItem[]): Promise<void> => {
      waiting -= 1;
      return this.#run(items, shared);
    };
    const running = runPool(plan.jobs, profile.batch.jobsAtOnce, work, signal);
    await tellingLater(running, clock, () => {
      if (waiting > 0) run.tell(jobRoomEvent(shared.deadlineAt));
    });
  }

  async #run(items: readonly PlanItem[], shared: Shared<Input, Output>): Promise<void> {
    const { spending, tally } = this.#options.run;
    const { final } = this.#refusals;
    if (final !== null) return this.#settleRefused(items, final);
    const job = await this.#take(items);
    if (job.items.length === 0) return;
    const { countedWhen } = shared.service;
    const onCreated = (sent: readonly number[]): void => {
      job.isCreated = true;
      tally.addJob(job.items, countedWhen === "created" ? sent : []);
      if (countedWhen === "read") return;
      spending.correct(job.held, { input: sumOf(sent), output: 0 }, "batch");
      job.held = sent;
    };
    const outcome = await runJob(job.items, { ...shared, tokens: sumOf(job.held), onCreated });
    const mayExist = outcome.kind === "pending" && "mayExist" in outcome;
    const isRead = outcome.kind === "rows" && countedWhen === "read";
    if (!job.isCreated && !mayExist && !isRead) spending.giveBack(job.held, "batch");
    await this.#settleOutcome(job, outcome, isRead);
  }

  /** Takes as much of a pack as the budget holds, and settles the rest. */
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

  async #settleOutcome(job: TakenJob, outcome: JobOutcome<Output>, isRead: boolean): Promise<void> {
    const { contents, provider } = this.#options.engine;
    if (outcome.kind === "refused") return this.#settleRefused(job.items, outcome.error);
    if (outcome.kind !== "rows") {
      if (outcome.kind === "ended" && job.isCreated) this.#takeBack(job.items, job.held);
      return this.#settleAll(job.items, resultWithoutRows(outcome, contents));
    }
    const { rows, turn, isCancelled = false } = outcome;
    const settle = async (): Promise<readonly SettledRow<Output>[]> => {
      const settled = settleRows(job.items, rows, provider.check, isCancelled);
      settled.forEach((row, at) => this.#count(row, job, job.held[at] ?? 0, isRead));
      // First: the answers are safe before anything else is tried.
      await this.#settleServed(settled);
      return settled;
    };
    const settled = await settle().finally(() => turn.end());
    await this.#sendLeft(settled, job.isCreated);
    return outcome.close();
  }

  async #settleRefused(items: readonly PlanItem[], error: SiteragError): Promise<void> {
    const { calls, engine, execution, plan } = this.#options;
    const { contents } = engine;
    const result = this.#refusals.resultOf(error, plan.strategy, contents, execution.logger);
    await (result === null ? calls.sendAnew(items) : this.#settleAll(items, result));
  }

  /** One outcome for all texts. */
  async #settleAll(items: readonly PlanItem[], result: Unfinished): Promise<void> {
    const { execution, run } = this.#options;
    if (result.status === "failed") run.tell(failureEvent(result.error, items.length, 0));
    await execution.settle(items.map((item) => ({ item, result })));
  }

  /** Counts what the row of a text says that it took, in place of the estimate. */
  #count(row: SettledRow<Output>, job: TakenJob, held: number, isRead: boolean): void {
    const { spending, tally } = this.#options.run;
    const { isFree, isServed, item, tokens } = row;
    if (isFree && !isServed && tokens === null) {
      if (job.isCreated) this.#takeBack([item], [held]);
      else if (isRead) spending.giveBack([held], "batch");
    } else if (isRead) {
      const charged = chargedFor(tokens, held);
      tally.addTokens(charged, "batch");
      spending.correct([held], charged, "batch");
    }
  }

  /** Texts that the job did not serve: neither charged nor taken from the budget. */
  #takeBack(items: readonly PlanItem[], held: readonly number[]): void {
    this.#options.run.tally.takeBack(items);
    this.#options.run.spending.giveBack(held, "batch");
  }

  #settleServed(settled: readonly SettledRow<Output>[]): Promise<void> {
    const served = settled.filter(({ isServed }) => isServed);
    return inPieces(served, (some) => this.#options.execution.settle(some));
  }

  /** Sends the texts that were not served by calls. */
  async #sendLeft(settled: readonly SettledRow<Output>[], wereInJob: boolean): Promise<void> {
    const { calls, engine, execution } = this.#options;
    const left = settled.filter(({ isServed }) => !isServed);
    if (left.length === 0) return;
    const texts = `${grouped(left.length)} of ${count(settled.length, engine.contents)}`;
    execution.logger?.info?.(
      `${texts} got no answer from their batch job and are sent in individual calls, at full price`,
    );
    const inJob = new Map(left.map(({ item, result }) => [item.fingerprint, result]));
    const adjust = (called: SettledItem<Output>): SettledItem<Output> =>
      withReason(called, inJob.get(called.item.fingerprint));
    const itemsOf = (isFree: boolean): PlanItem[] =>
      left.flatMap((row) => (row.isFree === isFree ? [row.item] : []));
    await calls.sendAnew(itemsOf(true), { adjust });
    await calls.sendAnew(itemsOf(false), { wereInJob, adjust });
  }
}

const sumOf = (tokens: readonly number[]): number => tokens.reduce((sum, one) => sum + one, 0);
