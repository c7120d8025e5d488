import { estimateTokens } from "../chunking/tokens.ts";
import { CONTEXT_TOKENS } from "../config/schema.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { CollectedJobs, JobOut } from "../embedding/collect-jobs.ts";
import type { JobLedger } from "../embedding/job-ledger.ts";
import type { OnDeadline } from "../embedding/run-job.ts";
import { FAILS_ALL, SiteragError } from "../errors.ts";
import { GENERATION_PROVIDER } from "../generation/client.ts";
import type {
  GenerationClient,
  GenerationResult,
  GenerationUsage,
  SettledRequest,
} from "../generation/client.ts";
import { contextPrompt, contextSpace, recipeOf, sentenceOf } from "../generation/context-prompt.ts";
import { draftsWithin, spentOn } from "../generation/prompt-budget.ts";
import { limitReached, NOTHING_SPENT, spentWith } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import { count, dollars } from "../planning/amounts.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { Contexts } from "../store/contexts.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type { Chunk, EmbeddingSpace, Fingerprint, JobRecord, PlanItem } from "../types.ts";
import type { SpooledChange } from "./collect-changes.ts";
import type { Needed } from "./embed-changes.ts";
import type { Messages } from "./messages.ts";
import { jobSentences, ledgerOf, NO_JOBS, textsOut } from "./outstanding-jobs.ts";

export interface EnrichOptions {
  readonly config: ResolvedConfig;
  readonly generator: GenerationClient;
  readonly store: Pick<StoreWriter, "contexts" | "jobs">;
  readonly changed: readonly SpooledChange[];
  readonly spool: ChunkSpool;
  /** Longest wait for jobs. */
  readonly deadlineMs: number;
  /** Of whoever embeds the texts. */
  readonly profile: ProviderProfile;
  readonly messages: Pick<Messages, "tell" | "warn">;
  readonly signal?: AbortSignal | undefined;
}

/** The model of the sentences of context; null where none are wanted, or nobody could write them. */
export const contextModel = (
  { generation }: ResolvedConfig,
  { model }: GenerationClient,
): string | null => (generation.enrich === "off" ? null : model);

/** The space as fingerprints see it. */
export const inputSpaceOf = (model: string | null, space: EmbeddingSpace): EmbeddingSpace =>
  model === null ? space : contextSpace(space, model);

/** What can be embedded now, with its sentences, and why the rest cannot. */
export interface Enriched {
  readonly items: readonly PlanItem[];
  /** Sentence of context by fingerprint; null where there are none to be. */
  readonly sentences: ReadonlyMap<Fingerprint, string> | null;
  /** Why texts are pending, one sentence for each of them. */
  readonly waiting: readonly string[];
  readonly failed: ReadonlyMap<Fingerprint, Error>;
  /** What the sentences have taken of the run's budget. */
  readonly spent: Spent;
}

/** Below this many sentences nobody waits for a job. */
const QUICK = 5;

/**
 * Sees to it that the chunks that are to be embedded have their sentences of context: those that the
 * store knows, then those of jobs of earlier runs, then new ones. Each is committed before it is
 * used. A chunk without one is left out. Where no sentences are wanted, all is as it was.
 */
export async function enrichChunks(needed: Needed, options: EnrichOptions): Promise<Enriched> {
  const { config, generator, store } = options;
  const model = contextModel(config, generator);
  if (model === null) {
    const nothing = { sentences: null, waiting: [], failed: new Map(), spent: NOTHING_SPENT };
    return { ...needed, ...nothing };
  }
  const { contexts } = store;
  const ledger = ledgerOf(store.jobs, { provider: GENERATION_PROVIDER }, config.store.index);
  return enrich(needed, { ...options, model, contexts, ledger });
}

interface Enrichment extends EnrichOptions {
  readonly model: string;
  readonly contexts: Contexts;
  readonly ledger: JobLedger;
}

async function enrich(needed: Needed, options: Enrichment): Promise<Enriched> {
  const { contexts, signal } = options;
  const recipes = await recipesOf([...needed.items, ...needed.inJobs], options);
  const out = await collectNeeded(new Set(recipes.values()), options);
  const known = await contexts.read([...new Set(recipes.values())]);
  const missing = needed.items.filter(({ fingerprint }) => {
    const recipe = recipes.get(fingerprint) ?? "";
    return !known.has(recipe) && !out.has(recipe);
  });
  const ready = needed.items.flatMap((item) => {
    const sentence = known.get(recipes.get(item.fingerprint) ?? "");
    return sentence === undefined ? [] : [larger(item, sentence)];
  });
  const { results, spent } = await writeAll(missing, sumOfTexts(ready), options);
  await contexts.compact();
  if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
  const { onDeadline } = options.config.batching;
  return { ...sorted(needed, { recipes, known, out, results, onDeadline }), spent };
}

/** The recipe of each item, by its fingerprint. */
async function recipesOf(
  items: readonly PlanItem[],
  { changed, model, spool }: Enrichment,
): Promise<ReadonlyMap<Fingerprint, string>> {
  const recipes = new Map<Fingerprint, string>();
  const changeOf = new Map(changed.map((change) => [change.fingerprint, change]));
  for (const { fingerprint } of items) {
    const change = changeOf.get(fingerprint);
    if (change !== undefined) {
      recipes.set(fingerprint, recipeOf(model, await spool.read(change.text)));
    }
  }
  return recipes;
}

/** Looks at all jobs of earlier runs, and waits for those alone that sentences of this one are in. */
async function collectNeeded(
  recipes: ReadonlySet<string>,
  { contexts, deadlineMs, generator, ledger, messages, signal }: Enrichment,
): Promise<ReadonlyMap<string, JobOut>> {
  const settle = (settled: readonly SettledRequest[]): Promise<void> => keep(settled, contexts);
  const collect = async (some: JobLedger, ms: number): Promise<CollectedJobs> => {
    if ((await some.open()).length === 0) return NO_JOBS;
    const jobs = await generator.collect?.({ ledger: some, deadlineMs: ms, signal, settle });
    return jobs ?? NO_JOBS;
  };
  const open = async (): Promise<readonly JobRecord[]> =>
    (await ledger.open()).filter((record) => record.fingerprints.some((one) => recipes.has(one)));
  jobSentences(await collect(ledger, 0)).forEach(messages.tell);
  const awaited = await collect({ ...ledger, open }, deadlineMs);
  jobSentences({ ...awaited, out: [] }).forEach(messages.tell);
  return textsOut(awaited);
}

/** What texts take of a budget that are going to be embedded. */
const sumOfTexts = (items: readonly PlanItem[]): Spent =>
  spentWith(NOTHING_SPENT, {
    requests: items.length,
    tokens: items.reduce((sum, { tokens }) => sum + tokens, 0),
    road: "individual",
  });

/** Writes what is missing as far as the budget goes, and commits it. */
async function writeAll(
  items: readonly PlanItem[],
  reserved: Spent,
  options: Enrichment,
): Promise<Written> {
  const { changed, config, contexts, deadlineMs, generator, ledger, model, signal } = options;
  const { messages, profile, spool } = options;
  const { batching, budget, generation } = config;
  if (items.length === 0) return { results: new Map(), spent: NOTHING_SPENT };
  const changeOf = new Map(changed.map((change) => [change.fingerprint, change]));
  const chunks: Chunk[] = [];
  for (const { fingerprint } of items) {
    const change = changeOf.get(fingerprint);
    if (change !== undefined) chunks.push(await spool.read(change.text));
  }
  const prompts = chunks.map(contextPrompt);
  const drafts = prompts.map((request, at) => ({ request, textTokens: chunks[at]?.tokens ?? 0 }));
  const prices = generation;
  const limits = { budget, reserved, prices, profile, outputTokens: CONTEXT_TOKENS };
  const { fits, reached } = draftsWithin(drafts, limits);
  const { results, usage } = await generator.generateContent(prompts.slice(0, fits), {
    purpose: fits < QUICK ? "quick_enrichment" : "index",
    ledger,
    deadlineMs,
    onDeadline: batching.onDeadline,
    logger: { warn: messages.warn },
    signal,
    settle: (settled) => keep(settled, contexts),
  });
  if (fits > 0) messages.tell(usageSentence(results, usage));
  const overBudget =
    reached === null
      ? undefined
      : ({ status: "pending", job: null, reason: limitReached(reached) } as const);
  return {
    spent: spentOn(fits, usage),
    results: new Map(
      chunks.flatMap((chunk, at) => {
        const result = at < fits ? results[at] : overBudget;
        return result === undefined ? [] : [[recipeOf(model, chunk), result] as const];
      }),
    ),
  };
}

interface Written {
  /** What became of each sentence, by its recipe. */
  readonly results: ReadonlyMap<string, GenerationResult>;
  readonly spent: Spent;
}

/** Commits the sentences that can be used. */
function keep(settled: readonly SettledRequest[], contexts: Contexts): Promise<void> {
  return contexts.commit(
    settled.flatMap(({ key, result }) => {
      const sentence = toSentence(result);
      return typeof sentence === "string" ? [{ recipe: key, sentence }] : [];
    }),
  );
}

/** A sentence that can be used, or why there is none. */
function toSentence(result: GenerationResult | undefined): string | Error | { waits: string } {
  if (result === undefined) return new Error("no sentence of context came back");
  if (result.status === "pending") return { waits: result.reason };
  if (result.status === "failed") return result.error;
  return result.finish === "cut" ? cutShort() : sentenceOf(result.text);
}

const cutShort = (): SiteragError =>
  new SiteragError(
    "ANSWER_MALFORMED",
    "The model broke its sentence of context off at its limit of tokens.",
  );

interface Found {
  readonly recipes: ReadonlyMap<Fingerprint, string>;
  readonly known: ReadonlyMap<string, string>;
  /** The job that the sentence of a recipe is in, by recipe. */
  readonly out: ReadonlyMap<string, JobOut>;
  readonly results: ReadonlyMap<string, GenerationResult>;
  readonly onDeadline: OnDeadline;
}

function sorted(
  { items, inJobs }: Needed,
  { recipes, known, out, results, onDeadline }: Found,
): Omit<Enriched, "spent"> {
  const sentences = new Map<Fingerprint, string>();
  const failed = new Map<Fingerprint, Error>();
  const waiting: string[] = [];
  const ready: PlanItem[] = [];
  for (const { fingerprint } of inJobs) {
    const sentence = known.get(recipes.get(fingerprint) ?? "");
    if (sentence !== undefined) sentences.set(fingerprint, sentence);
  }
  for (const item of items) {
    const recipe = recipes.get(item.fingerprint) ?? "";
    const job = out.get(recipe);
    const sentence = known.get(recipe) ?? toSentence(results.get(recipe));
    if (typeof sentence === "string") {
      sentences.set(item.fingerprint, sentence);
      ready.push(larger(item, sentence));
    } else if (job !== undefined) {
      const error = failureOf(job, onDeadline);
      if (error === null) waiting.push(job.reason);
      else failed.set(item.fingerprint, error);
    } else if (sentence instanceof Error) failed.set(item.fingerprint, sentence);
    else waiting.push(sentence.waits);
  }
  return { items: ready, sentences, waiting, failed };
}

/** What no later run can read by itself is no success, nor what the user would not wait for. */
function failureOf({ error, reason }: JobOut, onDeadline: OnDeadline): SiteragError | null {
  if (error !== undefined && FAILS_ALL.has(error.code)) return error;
  return onDeadline === "fail" ? new SiteragError("TIMEOUT", reason) : null;
}

const larger = (item: PlanItem, sentence: string): PlanItem => ({
  ...item,
  tokens: item.tokens + estimateTokens(sentence),
  bytes: item.bytes + Buffer.byteLength(sentence),
});

/** What a dry run says: how many sentences there are already, only the run itself finds out. */
export const contextSentence = (most: number, model: string): string =>
  `Before that, up to ${count(most, "sentence")} of context by ${model}, at a price that the estimate does not hold`;

function usageSentence(results: readonly GenerationResult[], usage: GenerationUsage): string {
  const written = results.filter(({ status }) => status === "ok").length;
  const { calls, jobs, inputTokens, outputTokens, costUsd } = usage;
  const sent = [
    ...(calls === 0 ? [] : [count(calls, "call")]),
    ...(jobs === 0 ? [] : [count(jobs, "batch job")]),
    `${count(inputTokens, "token")} read`,
    `${count(outputTokens, "token")} written`,
    costUsd === null ? "price unknown" : dollars(costUsd),
  ];
  return `Wrote ${count(written, "sentence")} of context: ${sent.join(", ")}`;
}
