import type { ObserveLatency } from "../planning/latencies.ts";
import type { CollectedJobs, JobOut } from "../sending/client.ts";
import type { RequestsOfDay } from "../sending/day-quota.ts";
import { holding, type JobLedger } from "../sending/job-ledger.ts";
import { isOverBudget, type Spending } from "../sending/spending.ts";
import { NO_USAGE, sumOfUsage } from "../sending/usage-tally.ts";
import { SiteragError } from "../words/errors.ts";
import type { Plan, PlanItem, SettledItem, Usage } from "../words/plans.ts";
import type { Fingerprint, Unfinished } from "../words/types.ts";
import {
  cancelledOnlyIfOwn,
  jobSentences,
  LOST,
  resultOfJobOut,
  textsOut,
} from "./earlier-jobs.ts";
import type { Announcements } from "./messages.ts";
import { requireGoingOn, type Run } from "./run.ts";
import { collectEarlier, keep, type Stage } from "./stage.ts";

export interface Work<Input> {
  readonly plan: Plan;
  /** Texts in jobs from earlier runs, for which the run waits while it carries out the plan. */
  readonly inJobs: readonly PlanItem[];
  readonly cacheHits: number;
  readonly inputsOf: (items: readonly PlanItem[]) => Promise<readonly Input[]>;
  /**
   * Plans calls for texts that their jobs did not serve; `others`: the outcome of texts that the plan
   * leaves out; `without`: all texts without an answer.
   */
  readonly planLost: (
    lost: readonly PlanItem[],
    without: ReadonlyMap<Fingerprint, Unfinished>,
  ) => Promise<{ readonly plan: Plan; readonly others: Unfinished }>;
  readonly spending: Spending;
  readonly ledger: JobLedger;
  /** The run waits for jobs until then. Milliseconds since the epoch. */
  readonly deadlineAt: number;
  readonly announcements: Announcements;
  readonly requestsOfDay?: RequestsOfDay | undefined;
  readonly observe?: ObserveLatency | undefined;
}

/**
 * Carries out the plan while it waits for jobs from earlier runs; then settles the texts that these
 * jobs did not serve. Commits each answer before it frees the call slot. Throws INTERRUPTED if the run
 * was stopped. Every text that is not `unfinished` has its answer in the cache.
 */
export async function fill<Input, Output, Value extends string | Float32Array>(
  run: Run,
  stage: Stage<Input, Output, Value>,
  work: Work<Input>,
) {
  const filling = new Filling(run, stage, work);
  const [usage, jobs] = await runTogether(
    (stop) => filling.carryOut(work.plan, stop, work.cacheHits),
    (stop) => filling.awaitJobs(stop),
    run.signal,
  );
  jobSentences({ ...jobs, out: [] }).forEach(run.messages.tell);
  const more = await filling.settleLeft(textsOut(jobs));
  requireGoingOn(run.signal);
  return { usage: sumOfUsage(usage, more), unfinished: filling.unfinished };
}

/** Runs two pieces of work in parallel. If one fails, stops the other, awaits its end and throws. */
async function runTogether<One, Other>(
  one: (stop: AbortSignal) => Promise<One>,
  other: (stop: AbortSignal) => Promise<Other>,
  signal: AbortSignal,
): Promise<[One, Other]> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const guarded = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((cause: unknown) => {
      failed.abort();
      throw cause;
    });
  const works = [guarded(one(stop)), guarded(other(stop))] as const;
  await Promise.allSettled(works);
  return Promise.all(works);
}

class Filling<Input, Output, Value extends string | Float32Array> {
  readonly unfinished: Map<Fingerprint, Unfinished> = new Map();
  readonly #run: Run;
  readonly #stage: Stage<Input, Output, Value>;
  readonly #work: Work<Input>;
  #done = 0;

  constructor(run: Run, stage: Stage<Input, Output, Value>, work: Work<Input>) {
    this.#run = run;
    this.#stage = stage;
    this.#work = work;
  }

  async carryOut(plan: Plan, signal: AbortSignal, cacheHits = 0): Promise<Usage> {
    const { config, messages } = this.#run;
    const { announcements, inputsOf, ledger, observe, requestsOfDay, spending } = this.#work;
    for (const { fingerprint } of [...plan.calls, ...plan.jobs].flat()) {
      this.unfinished.set(fingerprint, NO_OUTCOME);
    }
    if (plan.estimate.texts > 0) this.#tellProgress();
    return this.#stage.client.execute(plan, {
      signal,
      requestsOfDay,
      ledger,
      deadlineMs: this.#leftMs,
      onDeadline: config.batching.onDeadline,
      logger: { info: messages.tell, warn: messages.warn },
      observe,
      onEvent: announcements.onEvent,
      cacheHits,
      spending,
      inputsOf,
      settle: (settled) => this.#settle(settled),
    });
  }

  /** Waits for the jobs from earlier runs that hold texts of this run, and for no others. */
  awaitJobs(signal: AbortSignal): Promise<CollectedJobs> {
    const { announcements, inJobs, ledger, observe } = this.#work;
    const needed = new Set(inJobs.map((item) => item.fingerprint));
    return collectEarlier(this.#stage, {
      ledger: holding(ledger, needed),
      deadlineMs: this.#leftMs,
      onDeadline: cancelledOnlyIfOwn(needed, ledger, this.#run.config.batching.onDeadline),
      onEvent: announcements.onEvent,
      observe,
      signal,
    });
  }

  /**
   * Settles texts that jobs from earlier runs did not serve. Those in unfinished jobs wait or fail. The
   * others go in calls now with `onDeadline: "individual"`, else in the next run.
   */
  async settleLeft(out: ReadonlyMap<Fingerprint, JobOut>): Promise<Usage> {
    const { announcements, inJobs, planLost } = this.#work;
    const { onDeadline } = this.#run.config.batching;
    const { client, cacheOf } = this.#stage;
    const present = await cacheOf(client.space).present(inJobs.map((item) => item.fingerprint));
    const left = inJobs.filter(({ fingerprint }) => !present.has(fingerprint));
    for (const { fingerprint } of left) {
      const job = out.get(fingerprint);
      this.unfinished.set(fingerprint, job === undefined ? LOST : resultOfJobOut(job, onDeadline));
    }
    const lost = left.filter(({ fingerprint }) => !out.has(fingerprint));
    if (onDeadline !== "individual" || lost.length === 0) return NO_USAGE;
    const { plan, others } = await planLost(lost, this.unfinished);
    for (const { fingerprint } of lost) this.unfinished.set(fingerprint, others);
    if (plan.estimate.texts === 0) return NO_USAGE;
    announcements.onPlan(plan);
    return this.carryOut(plan, this.#run.signal);
  }

  async #settle(settled: readonly SettledItem<Output>[]): Promise<void> {
    const left = await keep(this.#stage, settled, this.#stage.client.space);
    for (const { item } of settled) this.unfinished.delete(item.fingerprint);
    for (const [fingerprint, outcome] of left) this.unfinished.set(fingerprint, outcome);
    this.#done += settled.length;
    this.#tellProgress();
  }

  #tellProgress(): void {
    const total = Math.max(this.#work.plan.estimate.texts, this.#done);
    this.#run.onProgress({ phase: this.#stage.phase, done: this.#done, total });
  }

  get #leftMs(): number {
    return Math.max(0, this.#work.deadlineAt - this.#run.clock.now());
  }
}

/** The outcome of a text until its answer or its failure arrives. */
const NO_OUTCOME: Unfinished = {
  status: "failed",
  error: new SiteragError("ANSWER_MALFORMED", "no answer came back"),
};

/**
 * Splits texts without an answer: failed, waiting, or held back by the budget. With `failsWaiting`, a text
 * that waits because of an error has failed.
 */
export function partUnfinished(
  unfinished: Iterable<readonly [Fingerprint, Unfinished]>,
  failsWaiting = false,
) {
  const failed = new Map<Fingerprint, Error>();
  const waiting: string[] = [];
  const overBudget: string[] = [];
  for (const [fingerprint, outcome] of unfinished) {
    if (outcome.status === "failed") failed.set(fingerprint, outcome.error);
    else if (isOverBudget(outcome.error)) overBudget.push(outcome.reason);
    else if (failsWaiting && outcome.error !== undefined) failed.set(fingerprint, outcome.error);
    else waiting.push(outcome.reason);
  }
  return { failed, waiting, overBudget };
}
