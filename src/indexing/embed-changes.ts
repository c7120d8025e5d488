import { embeddingInput } from "../chunking/embedding-input.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import type { CollectedJobs, JobOut, OnJobState } from "../sending/job-collection.ts";
import type { Listener } from "../sending/events.ts";
import { holding } from "../sending/job-ledger.ts";
import type { JobLedger } from "../sending/job-ledger.ts";
import { SiteragError, toError } from "../words/errors.ts";
import { isOverBudget, Spending } from "../sending/spending.ts";
import { limitReached } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import type { BudgetedPlan, OverBudget } from "../planning/choose-within-budget.ts";
import type { ObserveLatency } from "../planning/latencies.ts";
import { withContext } from "../generation/context-prompt.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import { sumOf } from "../words/amounts.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { CacheEntry } from "../store/keyed-cache.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type {
  Clock,
  EmbeddingInput,
  Fingerprint,
  Plan,
  PlanItem,
  Progress,
  SettledItem,
  Usage,
} from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";
import type { ContextsOf } from "./enrich-chunks.ts";
import type { Messages } from "./messages.ts";
import { bothOrNeither } from "./both-or-neither.ts";
import {
  LOST,
  NO_JOBS,
  cancelledOnlyIfOwn,
  collectInto,
  jobSentences,
  resultOfJobOut,
  textsOut,
} from "./outstanding-jobs.ts";

export interface EmbedOptions {
  readonly client: EmbeddingClient;
  readonly store: Pick<StoreWriter, "cache" | "cacheOf" | "meta">;
  readonly spool: ChunkSpool;
  readonly changed: readonly SpooledChange[];
  /** Gives sentences of context; null: texts are embedded without. */
  readonly contextsOf: ContextsOf | null;
  /** Texts in jobs of earlier runs, which are waited for beside the plan. */
  readonly inJobs: readonly PlanItem[];
  /** Changed chunks whose vector is there. */
  readonly cacheHits: number;
  readonly config: Pick<ResolvedConfig, "batching" | "budget">;
  /** What the run has sent already. */
  readonly spent: Spent;
  readonly observe: ObserveLatency;
  /** Is told of a plan that is made because jobs of earlier runs have not served their texts. */
  readonly onPlan: (plan: Plan) => void;
  /** Is told of jobs of earlier runs that are waited for. */
  readonly onState: OnJobState;
  /** Is told of what the plan's execution comes to. */
  readonly onEvent: Listener;
  readonly ledger: JobLedger;
  readonly clock: Pick<Clock, "now">;
  /** No job is waited for beyond that. Milliseconds since the epoch. */
  readonly deadlineAt: number;
  readonly messages: Messages;
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Embedded {
  readonly usage: Usage;
  /** Why texts failed, by fingerprint. */
  readonly failed: ReadonlyMap<Fingerprint, Error>;
  /** Why texts are pending, one sentence for each of them. */
  readonly waiting: readonly string[];
}

/**
 * Carries out the plan, and waits for the jobs of earlier runs beside it. Every answer is committed
 * to the cache before its place is free again. The budget holds for all that is sent, repetitions
 * included.
 */
export async function embedChanges(
  { plan, overBudget }: BudgetedPlan,
  options: EmbedOptions,
): Promise<Embedded> {
  const { inJobs, store, messages, signal } = options;
  const settling = new Settling(plan, options);
  const [usage, jobs] = await bothOrNeither(
    (stop) => settling.carryOut(plan, stop, options.cacheHits),
    (stop) => collectNeeded(options, stop),
    signal,
  );
  jobSentences({ ...jobs, out: [] }).forEach(messages.tell);
  const present = await store.cache.present(inJobs.map((item) => item.fingerprint));
  const left = inJobs.filter((item) => !present.has(item.fingerprint));
  const more = await settling.settleLeft(left, textsOut(jobs));
  if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
  const unsent = settling.overBudget(overBudget);
  if (unsent !== null) options.client.events?.emit({ type: "budget", ...unsent });
  return {
    usage: more === null ? usage : sumOf(usage, more),
    failed: settling.failures(),
    waiting: [...settling.waiting, ...(overBudget === null ? [] : sentencesFor(overBudget))],
  };
}

/**
 * Waits for those jobs of earlier runs that texts of this one are in, and for no others. Cancelled are
 * only those of this index that hold nothing else: what is in the others, others wait for.
 */
function collectNeeded(options: EmbedOptions, signal: AbortSignal): Promise<CollectedJobs> {
  const { inJobs, ledger, client, config, store, observe, onState } = options;
  const deadlineMs = leftMs(options);
  const needed = new Set(inJobs.map((item) => item.fingerprint));
  const onDeadline = cancelledOnlyIfOwn(needed, ledger, config.batching.onDeadline);
  const bounds = { signal, deadlineMs, onDeadline, observe, onState } as const;
  const collection = { ledger: holding(ledger, needed), ...bounds };
  return needed.size === 0
    ? Promise.resolve(NO_JOBS)
    : collectInto(store.cacheOf, client, collection);
}

/** Settles the texts of plans: commits vectors, and remembers what has none. */
class Settling {
  readonly #options: EmbedOptions;
  readonly #changeOf: ReadonlyMap<Fingerprint, SpooledChange>;
  readonly #total: number;
  readonly #open = new Set<Fingerprint>();
  readonly #failed = new Map<Fingerprint, Error>();
  readonly waiting: string[] = [];
  readonly #spending: Spending;
  #heldBack = 0;
  #done = 0;

  constructor(plan: Plan, options: EmbedOptions) {
    this.#options = options;
    this.#spending = new Spending(options.config.budget, options.client.profile, options.spent);
    this.#changeOf = new Map(options.changed.map((change) => [change.fingerprint, change]));
    this.#total = plan.estimate.texts;
  }

  carryOut(plan: Plan, signal: AbortSignal | undefined, cacheHits = 0): Promise<Usage> {
    const { client, config, ledger, messages, observe, onEvent, store } = this.#options;
    const { onDeadline } = config.batching;
    const deadlineMs = leftMs(this.#options);
    const requestsOfDay = store.meta.requestsOfDay(client.space);
    const logger = { info: messages.tell, warn: messages.warn };
    const bounds = { signal, requestsOfDay, ledger, deadlineMs, onDeadline };
    for (const item of [...plan.calls, ...plan.jobs].flat()) this.#open.add(item.fingerprint);
    if (plan.estimate.texts > 0) this.#progress();
    return client.execute(plan, {
      ...bounds,
      logger,
      observe,
      onEvent,
      cacheHits,
      spending: this.#spending,
      inputsOf: (items) => this.#inputsOf(items),
      settle: (answers) => this.#settle(answers),
    });
  }

  /**
   * Settles texts that jobs of earlier runs have not served: those in a job that goes on wait, or
   * fail; the others go by calls when the user would rather pay than wait, and else by the next run.
   */
  async settleLeft(
    left: readonly PlanItem[],
    out: ReadonlyMap<Fingerprint, JobOut>,
  ): Promise<Usage | null> {
    const { client, config, signal } = this.#options;
    const { batching } = config;
    const lost: PlanItem[] = [];
    for (const item of left) {
      const job = out.get(item.fingerprint);
      if (job === undefined) lost.push(item);
      else this.#settleOut(item.fingerprint, job);
    }
    const sent = batching.onDeadline === "individual" ? await this.#withContext(lost) : [];
    this.waiting.push(...lost.filter((item) => !sent.includes(item)).map(() => LOST));
    if (sent.length === 0) return null;
    const occasion = { profile: client.profile, forceIndividual: true };
    const plan = chooseStrategy(sent, batching, occasion);
    this.#options.onPlan(plan);
    return this.carryOut(plan, signal);
  }

  /** Those whose sentence of context is there, if there are to be any: it may have been cleared. */
  async #withContext(items: readonly PlanItem[]): Promise<readonly PlanItem[]> {
    const fingerprints = items.map(({ fingerprint }) => fingerprint);
    const contexts = await this.#options.contextsOf?.(fingerprints);
    return contexts === undefined
      ? items
      : items.filter(({ fingerprint }) => contexts.has(fingerprint));
  }

  #settleOut(fingerprint: Fingerprint, job: JobOut): void {
    const result = resultOfJobOut(job, this.#options.config.batching.onDeadline);
    if (result.status === "failed") this.#failed.set(fingerprint, result.error);
    else this.waiting.push(result.reason);
  }

  /** Texts that the budget has held back: those that the plan left out, and those not sent again. */
  overBudget(left: OverBudget | null): OverBudget | null {
    const reached = left ?? this.#spending.reached;
    const textsLeft = (left?.textsLeft ?? 0) + this.#heldBack;
    return reached === null || textsLeft === 0 ? null : { ...reached, textsLeft };
  }

  /** Why texts failed, by fingerprint. */
  failures(): ReadonlyMap<Fingerprint, Error> {
    for (const fingerprint of this.#open) {
      this.#failed.set(fingerprint, new Error("no answer came back"));
    }
    return this.#failed;
  }

  async #inputsOf(items: readonly PlanItem[]): Promise<readonly EmbeddingInput[]> {
    const { contextsOf, spool } = this.#options;
    const contexts = await contextsOf?.(items.map(({ fingerprint }) => fingerprint));
    const inputOf = async ({ fingerprint }: PlanItem): Promise<EmbeddingInput> => {
      const change = this.#changeOf.get(fingerprint);
      if (change === undefined) throw new TypeError(`No text for fingerprint ${fingerprint}.`);
      const input = embeddingInput(await spool.read(change.text));
      if (contexts === undefined) return input;
      const sentence = contexts.get(fingerprint);
      if (sentence === undefined) throw new TypeError(`No context for fingerprint ${fingerprint}.`);
      return withContext(input, sentence);
    };
    return Promise.all(items.map(inputOf));
  }

  async #settle(answers: readonly SettledItem[]): Promise<void> {
    const { client, store } = this.#options;
    const settled = answers.map((answer) => checked(answer, client.space.dimensions));
    await store.cache.commit(settled.flatMap(toCached));
    for (const { item, result } of settled) {
      this.#open.delete(item.fingerprint);
      if (result.status === "failed") this.#failed.set(item.fingerprint, result.error);
      if (result.status !== "pending") continue;
      this.waiting.push(result.reason);
      if (isOverBudget(result.error)) this.#heldBack += 1;
    }
    this.#done += settled.length;
    this.#progress();
  }

  #progress(): void {
    const total = Math.max(this.#total, this.#done);
    this.#options.onProgress({ phase: "embed", done: this.#done, total });
  }
}

const leftMs = ({ clock, deadlineAt }: Pick<EmbedOptions, "clock" | "deadlineAt">): number =>
  Math.max(0, deadlineAt - clock.now());

const sentencesFor = (left: OverBudget): string[] =>
  Array.from({ length: left.textsLeft }, () => limitReached(left));

/** At the border, whoever the client is: what goes into the cache is never asked for again. */
function checked(settled: SettledItem, dimensions: number): SettledItem {
  if (settled.result.status !== "ok") return settled;
  try {
    checkVectors([settled.result.vector], 1, dimensions);
    return settled;
  } catch (cause) {
    return { item: settled.item, result: { status: "failed", error: toError(cause) } };
  }
}

const toCached = ({ item, result }: SettledItem): CacheEntry<Float32Array>[] =>
  result.status === "ok" ? [{ key: item.fingerprint, value: result.vector }] : [];
