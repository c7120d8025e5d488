import { CONTEXT_TOKENS } from "../config/schema.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { NotOk } from "../sending/given-up.ts";
import type { CollectedJobs, OnJobState } from "../sending/job-collection.ts";
import { holding } from "../sending/job-ledger.ts";
import type { JobLedger } from "../sending/job-ledger.ts";
import type { GenerationClient } from "../generation/client.ts";
import { NO_USAGE, sumOfUsage } from "../generation/usage-tally.ts";
import { WritingSpending } from "../generation/writing-spending.ts";
import { NOTHING_SPENT } from "../planning/budget.ts";
import type { ReachedLimit, Spent } from "../planning/budget.ts";
import { rounded } from "../planning/estimate.ts";
import type { SentenceDecision } from "../planning/plan-sentences.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { spentOn, textsOf } from "../planning/sentence-budget.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { Clock, Enrichment, Progress, SetUsage } from "../words/types.ts";
import type { Messages } from "./messages.ts";
import { cancelledOnlyIfOwn, collectSentences, jobSentences } from "./outstanding-jobs.ts";
import type { SentenceDrafts } from "./sentence-drafts.ts";
import { keepSentences } from "./sentences.ts";
import type { SentenceSize, SentenceSizes } from "./sentences.ts";

export interface WriterOptions {
  readonly config: Pick<ResolvedConfig, "batching" | "budget" | "generation">;
  readonly generator: GenerationClient;
  readonly contexts: Pick<KeyedCache<string>, "commit">;
  readonly ledger: JobLedger;
  /** Of whoever embeds the texts. */
  readonly profile: ProviderProfile;
  readonly clock: Pick<Clock, "now">;
  /** No job is waited for beyond that. Milliseconds since the epoch. */
  readonly deadlineAt: number;
  readonly messages: Pick<Messages, "tell" | "warn">;
  readonly onProgress: (progress: Progress) => void;
  /** Is told of jobs that are waited for. */
  readonly onState: OnJobState;
  readonly signal?: AbortSignal | undefined;
}

/** What became of prompts that were sent. */
export interface Written {
  /** Why sentences have not come, by recipe. */
  readonly without: ReadonlyMap<string, NotOk>;
  /** What they have taken of the run's budget. */
  readonly spent: Spent;
  /** The limit of the budget that has kept some back while they were written; null: none was. */
  readonly reached: ReachedLimit | null;
}

/** Nothing was sent. */
export const NOT_WRITTEN: Written = { without: new Map(), spent: NOTHING_SPENT, reached: null };

/** Has sentences of context written, by jobs of earlier runs and new ones, and keeps each as it comes. */
export class SentenceWriter {
  readonly #options: WriterOptions;
  readonly #sizes = new Map<string, SentenceSize>();
  #usage: SetUsage = NO_USAGE;
  #secondsSaved = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** How long each sentence is that has come in this run, by recipe. */
  get sizes(): SentenceSizes {
    return this.#sizes;
  }

  /** What it has come to so far. */
  get enrichment(): Enrichment {
    return {
      sentences: [...this.#sizes.values()].filter(({ bytes }) => bytes > 0).length,
      ...this.#usage,
      secondsSavedAgainstAlwaysBatch: rounded(this.#secondsSaved),
    };
  }

  /** Looks once at all jobs of earlier runs, whatever they hold. */
  async look(): Promise<CollectedJobs> {
    const { ledger, messages, signal } = this.#options;
    const jobs = await this.#collect({ ledger, signal, deadlineMs: 0 });
    jobSentences(jobs).forEach(messages.tell);
    return jobs;
  }

  /** Waits for those jobs of earlier runs that hold some of the recipes. */
  async awaitJobs(recipes: ReadonlySet<string>, signal: AbortSignal): Promise<CollectedJobs> {
    const { config, messages, onState } = this.#options;
    const ledger = holding(this.#options.ledger, recipes);
    const onDeadline = cancelledOnlyIfOwn(recipes, ledger, config.batching.onDeadline);
    const bounds = { ledger, signal, onDeadline, onState, deadlineMs: this.#leftMs() };
    const jobs = await this.#collect(bounds);
    jobSentences({ ...jobs, out: [] }).forEach(messages.tell);
    return jobs;
  }

  #collect(
    bounds: Omit<Parameters<typeof collectSentences>[2], "onUsage">,
  ): Promise<CollectedJobs> {
    const { contexts, generator } = this.#options;
    const onKept = (sizes: SentenceSizes): void => this.#add(sizes);
    return collectSentences(contexts, generator, { ...bounds, onKept, onUsage: this.#addUsage });
  }

  /**
   * Carries out what was decided, within a budget of which `reserved` is for the rest of the run;
   * `drafts` have the prompts.
   */
  async write(
    { sent, alone, roads, plan }: SentenceDecision,
    { drafts, reserved }: { readonly drafts: SentenceDrafts; readonly reserved: Spent },
    signal: AbortSignal | undefined,
  ): Promise<Written> {
    const without = new Map<string, NotOk>();
    if (plan === null) return NOT_WRITTEN;
    const { clock, config, contexts, generator, ledger, messages } = this.#options;
    const { onProgress, onState, profile: embedder } = this.#options;
    const costs = { outputTokens: CONTEXT_TOKENS, prices: config.generation };
    const { budget } = config;
    const withText = sent.filter((draft) => draft !== alone);
    const forOthers = textsOf(withText, CONTEXT_TOKENS, reserved);
    const spending = new WritingSpending({ budget, reserved: forOthers, costs, embedder });
    let usage = NO_USAGE;
    let done = 0;
    const startedAt = clock.now();
    onProgress({ phase: "enrich", done, total: plan.sentences });
    await generator.execute(roads, {
      ledger,
      signal,
      spending,
      onState,
      deadlineMs: this.#leftMs(),
      onDeadline: config.batching.onDeadline,
      logger: { warn: messages.warn },
      requestsOf: (prompts) => drafts.requestsOf(prompts),
      settle: async (settled) => {
        const came = await keepSentences(settled, contexts);
        this.#add(came);
        for (const { key: recipe, result } of settled) {
          if (!came.has(recipe) && result.status !== "ok") without.set(recipe, result);
        }
        done += settled.length;
        onProgress({ phase: "enrich", done, total: plan.sentences });
      },
      onUsage: (came) => {
        usage = came;
        this.#addUsage(came);
      },
    });
    const { batch } = plan.alternatives;
    // Whoever has not got all has saved no time.
    if (batch !== null && without.size === 0 && signal?.aborted !== true) {
      this.#secondsSaved += batch.seconds - (clock.now() - startedAt) / 1000;
    }
    const prompts = sent.map(({ prompt }) => prompt);
    const inJobs = prompts.filter(({ fingerprint }) => isInJob(without.get(fingerprint)));
    const spent = spentOn(prompts.length, usage, inJobs, costs);
    return { without, spent, reached: spending.reached };
  }

  #add(sizes: SentenceSizes): void {
    for (const [recipe, size] of sizes) this.#sizes.set(recipe, size);
  }

  readonly #addUsage = (usage: SetUsage): void => {
    this.#usage = sumOfUsage(this.#usage, usage);
  };

  #leftMs(): number {
    const { clock, deadlineAt } = this.#options;
    return Math.max(0, deadlineAt - clock.now());
  }
}

const isInJob = (result: NotOk | undefined): boolean =>
  result?.status === "pending" && result.job !== null;
