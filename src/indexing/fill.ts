import type { BatchingOptions, PlanContext } from "../planning/choose-roads.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import type { ObserveLatency } from "../planning/latencies.ts";
import type { CollectedJobs, JobOut } from "../sending/collect-jobs.ts";
import type { RequestsOfDay } from "../sending/day-quota.ts";
import { holding, type JobLedger } from "../sending/job-ledger.ts";
import type { Spending } from "../sending/spending.ts";
import { NO_USAGE, sumOfUsage } from "../sending/usage-tally.ts";
import { SiteragError } from "../words/errors.ts";
import type {
  Fingerprint,
  Plan,
  PlanItem,
  SettledItem,
  Unfinished,
  Usage,
} from "../words/types.ts";
import type { Announcements } from "./announcements.ts";
import {
  cancelledOnlyIfOwn,
  jobSentences,
  LOST,
  resultOfJobOut,
  textsOut,
} from "./earlier-jobs.ts";
import { runTogether } from "./run-together.ts";
import type { Run } from "./run.ts";
import { collectEarlier, keep, type Stage } from "./stage.ts";

/** Texts that can be sent now, and the outcome of the others of them. */
export interface PartedTexts {
  readonly sent: readonly PlanItem[];
  readonly others: Unfinished;
}

/** What a stage has to do in one run. */
export interface Work<Input> {
  readonly plan: Plan;
  /** Texts in jobs of earlier runs, which are waited for beside the plan. */
  readonly inJobs: readonly PlanItem[];
  /** Texts of the set whose answers are in the cache. */
  readonly cacheHits: number;
  /** What is sent for items, in their order. */
  readonly inputsOf: (items: readonly PlanItem[]) => Promise<readonly Input[]>;
  /** Parts texts that their jobs have not served into those that can be sent now and the others. */
  readonly partLost: (lost: readonly PlanItem[]) => Promise<PartedTexts>;
  readonly batching: BatchingOptions;
  readonly context: PlanContext;
  readonly spending: Spending;
  readonly ledger: JobLedger;
  /** No job is waited for beyond that. Milliseconds since the epoch. */
  readonly deadlineAt: number;
  readonly announcements: Announcements;
  readonly requestsOfDay?: RequestsOfDay | undefined;
  readonly observe?: ObserveLatency | undefined;
}

/** What became of the texts of a stage. Those without an entry have their answers in the cache. */
export interface Filled {
  readonly usage: Usage;
  readonly unfinished: ReadonlyMap<Fingerprint, Unfinished>;
}

/**
 * Fills in the answers that a stage lacks: carries out the plan, waits for the jobs of earlier runs
 * beside it, and settles what these jobs have not served. Every answer is committed before its call slot
 * is free again. Throws INTERRUPTED when the run was stopped.
 */
export async function fill<Input, Output, Value extends string | Float32Array>(
  run: Run,
  stage: Stage<Input, Output, Value>,
  work: Work<Input>,
): Promise<Filled> {
  const filling = new Filling(run, stage, work);
  const [usage, jobs] = await runTogether(
    (stop) => filling.carryOut(work.plan, stop, work.cacheHits),
    (stop) => filling.awaitJobs(stop),
    run.signal,
  );
  jobSentences({ ...jobs, out: [] }).forEach(run.messages.tell);
  const more = await filling.settleLeft(textsOut(jobs));
  if (run.signal.aborted) throw new SiteragError("INTERRUPTED", "Interrupted.");
  return { usage: sumOfUsage(usage, more), unfinished: filling.unfinished };
}

class Filling<Input, Output, Value extends string | Float32Array> {
  readonly #run: Run;
  readonly #stage: Stage<Input, Output, Value>;
  readonly #work: Work<Input>;
  readonly #unfinished = new Map<Fingerprint, Unfinished>();
  #done = 0;

  constructor(run: Run, stage: Stage<Input, Output, Value>, work: Work<Input>) {
    this.#run = run;
    this.#stage = stage;
    this.#work = work;
  }

  get unfinished(): ReadonlyMap<Fingerprint, Unfinished> {
    return this.#unfinished;
  }

  async carryOut(plan: Plan, signal: AbortSignal, cacheHits = 0): Promise<Usage> {
    const { config, messages } = this.#run;
    const { inputsOf, ledger, observe, requestsOfDay, spending } = this.#work;
    for (const { fingerprint } of [...plan.calls, ...plan.jobs].flat()) {
      this.#unfinished.set(fingerprint, NO_OUTCOME);
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
      onEvent: this.#work.announcements.onEvent,
      cacheHits,
      spending,
      inputsOf,
      settle: (settled) => this.#settle(settled),
    });
  }

  /**
   * Waits for those jobs of earlier runs that texts of this one are in, and for no others. Cancelled are
   * only those of this index that hold nothing else: others wait for what is in the others.
   */
  async awaitJobs(signal: AbortSignal): Promise<CollectedJobs> {
    const { announcements, inJobs, ledger, observe } = this.#work;
    const { onDeadline } = this.#run.config.batching;
    const needed = new Set(inJobs.map((item) => item.fingerprint));
    return collectEarlier(this.#stage, {
      ledger: holding(ledger, needed),
      deadlineMs: this.#leftMs,
      onDeadline: cancelledOnlyIfOwn(needed, ledger, onDeadline),
      onEvent: announcements.onEvent,
      observe,
      signal,
    });
  }

  /**
   * Settles texts that jobs of earlier runs have not served: those in a job that goes on wait, or
   * fail; the others go by calls when the user would rather pay than wait, and else by the next run.
   */
  async settleLeft(out: ReadonlyMap<Fingerprint, JobOut>): Promise<Usage> {
    const { batching, context, inJobs, partLost } = this.#work;
    const { onDeadline } = this.#run.config.batching;
    const { client, cacheOf } = this.#stage;
    const keys = inJobs.map(({ fingerprint }) => fingerprint);
    const present = await cacheOf(client.space).present(keys);
    const lost: PlanItem[] = [];
    for (const item of inJobs) {
      const job = out.get(item.fingerprint);
      if (present.has(item.fingerprint)) continue;
      if (job === undefined) lost.push(item);
      else this.#unfinished.set(item.fingerprint, resultOfJobOut(job, onDeadline));
    }
    const isPaid = onDeadline === "individual" && lost.length > 0;
    const { sent, others } = isPaid ? await partLost(lost) : { sent: [], others: LOST };
    for (const { fingerprint } of lost) this.#unfinished.set(fingerprint, others);
    if (sent.length === 0) return NO_USAGE;
    const plan = chooseStrategy(sent, batching, { ...context, ...CALLS_ONLY });
    this.#work.announcements.onPlan(plan);
    return this.carryOut(plan, this.#run.signal);
  }

  async #settle(settled: readonly SettledItem<Output>[]): Promise<void> {
    const left = await keep(this.#stage, settled, this.#stage.client.space);
    for (const { item } of settled) {
      const outcome = left.get(item.fingerprint);
      if (outcome === undefined) this.#unfinished.delete(item.fingerprint);
      else this.#unfinished.set(item.fingerprint, outcome);
    }
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

/** Somebody would rather pay than wait; what is in jobs is not counted twice. */
const CALLS_ONLY = { forceIndividual: true, inJobs: 0, withoutSentence: 0 } as const;

/** Of a text that was sent, and of which neither an answer nor a failure came. */
const NO_OUTCOME: Unfinished = {
  status: "failed",
  error: new SiteragError("ANSWER_MALFORMED", "no answer came back"),
};
