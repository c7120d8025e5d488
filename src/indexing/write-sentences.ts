import { CONTEXT_TOKENS } from "../config/schema.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { NotOk } from "../embedding/given-up.ts";
import type { CollectedJobs, JobOut, OnJobState } from "../embedding/job-collection.ts";
import { holding } from "../embedding/job-ledger.ts";
import type { JobLedger } from "../embedding/job-ledger.ts";
import { SiteragError } from "../errors.ts";
import type { GenerationClient, SettledRequest } from "../generation/client.ts";
import { NO_USAGE, sumOfUsage } from "../generation/usage-tally.ts";
import { NOTHING_SPENT } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import { rounded } from "../planning/estimate.ts";
import type { SentenceDecision } from "../planning/plan-sentences.ts";
import { spentOn } from "../planning/sentence-budget.ts";
import type { Contexts } from "../store/contexts.ts";
import type { Clock, Enrichment, PlanItem, Progress, SetUsage } from "../types.ts";
import type { Messages } from "./messages.ts";
import { jobSentences, NO_JOBS, textsOut } from "./outstanding-jobs.ts";
import type { SentenceDrafts } from "./sentence-drafts.ts";
import { keepSentences } from "./sentences.ts";
import type { SentenceSize, SentenceSizes } from "./sentences.ts";

export interface WriterOptions {
  readonly config: Pick<ResolvedConfig, "batching" | "generation">;
  readonly generator: GenerationClient;
  readonly contexts: Pick<Contexts, "commit">;
  readonly ledger: JobLedger;
  readonly drafts: SentenceDrafts;
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
  /** How long each sentence is that has come, by recipe. */
  readonly sizes: SentenceSizes;
  /** Why others have not come, by recipe. */
  readonly without: ReadonlyMap<string, NotOk>;
  /** What they have taken of the run's budget. */
  readonly spent: Spent;
}

/** Has sentences of context written, by jobs of earlier runs and new ones, and keeps each as it comes. */
export class SentenceWriter {
  readonly #options: WriterOptions;
  #usage: SetUsage = NO_USAGE;
  #sentences = 0;
  #secondsSaved = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** What it has come to so far. */
  get enrichment(): Enrichment {
    return {
      sentences: this.#sentences,
      ...this.#usage,
      secondsSavedAgainstAlwaysBatch: rounded(this.#secondsSaved),
    };
  }

  /**
   * Looks at all jobs of earlier runs, and waits for those alone that hold some of the recipes. Gives the
   * jobs that go on, by recipe.
   */
  async collect(): Promise<ReadonlyMap<string, JobOut>> {
    const { drafts, ledger, messages } = this.#options;
    jobSentences(await this.#collectFrom(ledger, 0)).forEach(messages.tell);
    const awaited = await this.#collectFrom(holding(ledger, drafts.recipes), this.#leftMs());
    jobSentences({ ...awaited, out: [] }).forEach(messages.tell);
    return textsOut(awaited);
  }

  async #collectFrom(ledger: JobLedger, deadlineMs: number): Promise<CollectedJobs> {
    const { generator, onState, signal } = this.#options;
    if ((await ledger.open()).length === 0) return NO_JOBS;
    const settle = async (settled: readonly SettledRequest[]): Promise<void> => {
      await this.#keep(settled);
    };
    const onUsage = this.#addUsage;
    const bounds = { ledger, deadlineMs, signal, ...(deadlineMs > 0 ? { onState } : {}) };
    return (await generator.collect?.({ ...bounds, settle, onUsage })) ?? NO_JOBS;
  }

  /** Carries out what was decided. */
  async write({ sent, roads, plan }: SentenceDecision): Promise<Written> {
    const sizes = new Map<string, SentenceSize>();
    const without = new Map<string, NotOk>();
    if (plan === null) return { sizes, without, spent: NOTHING_SPENT };
    const { clock, config, generator, ledger, drafts, messages, signal } = this.#options;
    const { onProgress, onState } = this.#options;
    let usage = NO_USAGE;
    let done = 0;
    const startedAt = clock.now();
    onProgress({ phase: "enrich", done, total: plan.sentences });
    await generator.execute(roads, {
      ledger,
      signal,
      deadlineMs: this.#leftMs(),
      onDeadline: config.batching.onDeadline,
      logger: { warn: messages.warn },
      onState,
      requestsOf: (prompts) => drafts.requestsOf(prompts),
      settle: async (settled) => {
        const came = await this.#keep(settled);
        for (const [recipe, size] of came) sizes.set(recipe, size);
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
    const isPending = [...without.values()].some(({ status }) => status === "pending");
    const { batch } = plan.alternatives;
    // What still waits has saved no time.
    if (batch !== null && !isPending) {
      this.#secondsSaved += batch.seconds - (clock.now() - startedAt) / 1000;
    }
    const prompts = sent.map(({ prompt }) => prompt);
    const inJobs = prompts.filter(({ fingerprint }) => isInJob(without.get(fingerprint)));
    const costs = { outputTokens: CONTEXT_TOKENS, prices: config.generation };
    return { sizes, without, spent: spentOn(prompts.length, usage, inJobs, costs) };
  }

  async #keep(settled: readonly SettledRequest[]): Promise<SentenceSizes> {
    const came = await keepSentences(settled, this.#options.contexts);
    this.#sentences += [...came.values()].filter(({ bytes }) => bytes > 0).length;
    return came;
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

/** Of a text for whose sentence nothing came, neither an answer nor a failure. */
export const nothingCame = (item: PlanItem): NotOk => ({
  status: "failed",
  error: new SiteragError(
    "ANSWER_MALFORMED",
    `No sentence of context came for a text of ${item.page}. Run \`siterag index\` again.`,
  ),
});
