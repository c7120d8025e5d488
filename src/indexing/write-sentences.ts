import { CONTEXT_TOKENS } from "../config/schema.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { JobOut } from "../embedding/job-collection.ts";
import type { JobLedger } from "../embedding/job-ledger.ts";
import type { GenerationClient, GenerationResult, SettledRequest } from "../generation/client.ts";
import { draftsWithin, spentOn } from "../generation/prompt-budget.ts";
import type { Draft } from "../generation/prompt-budget.ts";
import { limitReached, NOTHING_SPENT } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import { planSentences } from "../planning/plan-sentences.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Contexts } from "../store/contexts.ts";
import type { GenerationUsage, JobRecord, PlanItem, Progress } from "../types.ts";
import type { Messages } from "./messages.ts";
import { jobSentences, textsOut } from "./outstanding-jobs.ts";
import type { SentenceDrafts } from "./sentence-drafts.ts";
import type { Sentences } from "./sentences.ts";

export interface WriterOptions {
  readonly config: Pick<ResolvedConfig, "batching" | "budget" | "generation">;
  readonly generator: GenerationClient;
  readonly sentences: Sentences;
  readonly contexts: Pick<Contexts, "commit">;
  readonly ledger: JobLedger;
  readonly drafts: SentenceDrafts;
  /** Longest wait for jobs. */
  readonly deadlineMs: number;
  /** Of whoever embeds the texts. */
  readonly profile: ProviderProfile;
  readonly messages: Pick<Messages, "tell" | "warn">;
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What became of prompts that were sent, or kept back. */
export interface Written {
  /** Of those that have come to no sentence, by recipe; an interrupted one has none. */
  readonly results: ReadonlyMap<string, GenerationResult>;
  /** What they have taken of the run's budget. */
  readonly spent: Spent;
}

/** Has sentences of context written, by jobs of earlier runs and new ones, and keeps each as it comes. */
export class SentenceWriter {
  readonly #options: WriterOptions;
  #usage: GenerationUsage = NO_USAGE;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** What it has come to so far. */
  get usage(): GenerationUsage {
    return this.#usage;
  }

  /**
   * Looks at all jobs of earlier runs, and waits for those alone that hold some of the recipes. Gives the
   * jobs that go on, by recipe.
   */
  async collect(recipes: ReadonlySet<string>): Promise<ReadonlyMap<string, JobOut>> {
    const { deadlineMs, ledger, messages } = this.#options;
    const open = async (): Promise<readonly JobRecord[]> =>
      (await ledger.open()).filter((record) => record.fingerprints.some((one) => recipes.has(one)));
    jobSentences(await this.#collectFrom(ledger, 0)).forEach(messages.tell);
    const awaited = await this.#collectFrom({ ...ledger, open }, deadlineMs);
    jobSentences({ ...awaited, out: [] }).forEach(messages.tell);
    return textsOut(awaited);
  }

  async #collectFrom(ledger: JobLedger, deadlineMs: number) {
    const { contexts, generator, sentences, signal } = this.#options;
    const settle = (settled: readonly SettledRequest[]): Promise<void> =>
      sentences.keep(settled, contexts);
    const isEmpty = (await ledger.open()).length === 0;
    const jobs = isEmpty
      ? undefined
      : await generator.collect?.({ ledger, deadlineMs, signal, settle });
    if (jobs === undefined) return { collected: [], out: [], lost: [] };
    this.#usage = sumOf(this.#usage, jobs.usage);
    return jobs;
  }

  /** Has as many written as the budget holds beside `reserved`, which the rest of the run takes. */
  async write(drafts: readonly Draft[], reserved: Spent): Promise<Written> {
    const { config, generator, messages, profile } = this.#options;
    const { batching, budget, generation } = config;
    const limits = { budget, reserved, prices: generation, profile, outputTokens: CONTEXT_TOKENS };
    const { fits, reached } = draftsWithin(drafts, limits);
    const results = new Map<string, GenerationResult>();
    if (reached !== null) {
      const held = { status: "pending", job: null, reason: limitReached(reached) } as const;
      for (const { prompt } of drafts.slice(fits)) results.set(prompt.fingerprint, held);
    }
    if (fits === 0) return { results, spent: NOTHING_SPENT };
    const prompts = drafts.slice(0, fits).map(({ prompt }) => prompt);
    const writing = {
      profile: generator.profile,
      prices: generation,
      outputTokens: CONTEXT_TOKENS,
    };
    const { roads, plan } = planSentences(prompts, batching, writing);
    messages.tell(plan.reason);
    const usage = await generator.execute(roads, this.#execution(fits, results));
    this.#usage = sumOf(this.#usage, usage);
    const inJobs = prompts.filter(({ fingerprint }) => isInJob(results.get(fingerprint)));
    return { results, spent: spentOn(fits, usage, inJobs, limits) };
  }

  #execution(total: number, results: Map<string, GenerationResult>) {
    const { config, deadlineMs, drafts, ledger, messages, onProgress } = this.#options;
    const { contexts, sentences, signal } = this.#options;
    let done = 0;
    return {
      requestsOf: (items: readonly PlanItem[]) => drafts.prompts(items),
      ledger,
      deadlineMs,
      signal,
      onDeadline: config.batching.onDeadline,
      logger: { warn: messages.warn },
      settle: async (settled: readonly SettledRequest[]): Promise<void> => {
        await sentences.keep(settled, contexts);
        for (const { key, result } of settled) {
          if (sentences.sizeOf(key) === undefined) results.set(key, result);
        }
        done += settled.length;
        onProgress({ phase: "enrich", done, total });
      },
    };
  }
}

const isInJob = (result: GenerationResult | undefined): boolean =>
  result?.status === "pending" && result.job !== null;

const NO_USAGE: GenerationUsage = {
  calls: 0,
  jobs: 0,
  retries: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
};

const sumOf = (one: GenerationUsage, other: GenerationUsage): GenerationUsage => ({
  calls: one.calls + other.calls,
  jobs: one.jobs + other.jobs,
  retries: one.retries + other.retries,
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
  costUsd: one.costUsd === null || other.costUsd === null ? null : one.costUsd + other.costUsd,
});
