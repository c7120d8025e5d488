import { CONTEXT_TOKENS } from "../config/schema.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import { notOk } from "../sending/given-up.ts";
import type { NotOk } from "../sending/given-up.ts";
import type { JobOut, OnJobState } from "../sending/job-collection.ts";
import { isOverBudget } from "../sending/spending.ts";
import { SiteragError } from "../words/errors.ts";
import { GENERATION_PROVIDER } from "../words/job-kind.ts";
import type { GenerationClient } from "../generation/client.ts";
import { contextSpace } from "../generation/context-prompt.ts";
import { limitReached, NOTHING_SPENT, sumOfSpent } from "../planning/budget.ts";
import type { ReachedLimit, Spent } from "../planning/budget.ts";
import { count } from "../words/amounts.ts";
import type { OverBudget } from "../planning/choose-within-budget.ts";
import { planSentences } from "../planning/plan-sentences.ts";
import type { SentenceDecision } from "../planning/plan-sentences.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { reservedFor } from "../planning/sentence-budget.ts";
import type { Draft } from "../planning/sentence-budget.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type {
  Clock,
  EmbeddingSpace,
  Enrichment,
  Fingerprint,
  PlanItem,
  Progress,
} from "../words/types.ts";
import { bothOrNeither } from "./both-or-neither.ts";
import { bySentence } from "./by-sentence.ts";
import type { Needed } from "./find-needed.ts";
import type { Messages } from "./messages.ts";
import { ledgerOf, LOST, resultOfJobOut, textsOut } from "./outstanding-jobs.ts";
import { SentenceDrafts } from "./sentence-drafts.ts";
import type { ChunkSource } from "./sentence-drafts.ts";
import { sizesOf } from "./sentences.ts";
import type { SentenceSizes } from "./sentences.ts";
import { NOT_WRITTEN, SentenceWriter } from "./write-sentences.ts";
import type { Written } from "./write-sentences.ts";

export interface EnrichOptions extends ChunkSource {
  readonly config: ResolvedConfig;
  readonly generator: GenerationClient;
  readonly store: Pick<StoreWriter, "contexts" | "jobs">;
  readonly clock: Pick<Clock, "now">;
  /** No job is waited for beyond that. Milliseconds since the epoch. */
  readonly deadlineAt: number;
  /** Of whoever embeds the texts. */
  readonly profile: ProviderProfile;
  readonly messages: Pick<Messages, "tell" | "warn">;
  readonly onProgress: (progress: Progress) => void;
  /** Is told of jobs that are waited for. */
  readonly onState: OnJobState;
  /** Is told what the sentences have come to, also when the run cannot go on. */
  readonly onEnriched: (enrichment: Enrichment) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The model of the sentences of context; null where none are wanted, or nobody could write them. */
export const contextModel = (
  { generation }: Pick<ResolvedConfig, "generation">,
  { model }: Pick<GenerationClient, "model">,
): string | null => (generation.enrich === "off" ? null : model);

/** The space as fingerprints see it. */
export const inputSpaceOf = (model: string | null, space: EmbeddingSpace): EmbeddingSpace =>
  model === null ? space : contextSpace(space, model);

/** Gives the sentences of context of texts by their fingerprints; an empty one: there is none. */
export type ContextsOf = (
  fingerprints: readonly Fingerprint[],
) => Promise<ReadonlyMap<Fingerprint, string>>;

/** What can be embedded now, with its sentences, and why the rest cannot. */
export interface Enriched {
  readonly items: readonly PlanItem[];
  /** Null where texts are embedded without. */
  readonly contextsOf: ContextsOf | null;
  /** Why texts are pending, one sentence for each of them. */
  readonly waiting: readonly string[];
  readonly failed: ReadonlyMap<Fingerprint, Error>;
  /** What the sentences have taken of the run's budget. */
  readonly spent: Spent;
  /** Texts for whose sentence the budget has no room; null: none. */
  readonly held: OverBudget | null;
}

/** Texts that a limit of the budget holds back. */
const heldBy = (reached: ReachedLimit | null, textsLeft: number): OverBudget | null =>
  reached === null || textsLeft === 0 ? null : { ...reached, textsLeft };

/** Texts that a decision holds back for the budget's sake. */
export const heldByDecision = ({ held, reached }: SentenceDecision): OverBudget | null =>
  heldBy(reached, held.length);

/** How sentences are decided on, in a dry run as in a run; `profile` is of whoever embeds the texts. */
export const decideSentences = (
  missing: readonly Draft[],
  { config, generator, profile }: Pick<EnrichOptions, "config" | "generator" | "profile">,
  given: { readonly reserved: Spent; readonly forceIndividual?: boolean },
): SentenceDecision =>
  planSentences(missing, {
    ...given,
    batching: config.batching,
    budget: config.budget,
    prices: config.generation,
    outputTokens: CONTEXT_TOKENS,
    writer: generator.profile,
    embedder: profile,
  });

/**
 * Sees to it that the chunks that are to be embedded have their sentences of context: those that the
 * store knows, those of jobs of earlier runs, and new ones beside them. Each is committed before it is
 * used. A chunk without one is left out, unless the model has said that it writes none for it. Where no
 * sentences are wanted, jobs of earlier runs are collected all the same: they are paid for.
 */
export async function enrichChunks(needed: Needed, options: EnrichOptions): Promise<Enriched> {
  const { config, generator, onEnriched, store } = options;
  const model = contextModel(config, generator);
  const ledger = ledgerOf(store.jobs, { provider: GENERATION_PROVIDER }, config.store.index);
  const writer = new SentenceWriter({ ...options, contexts: store.contexts, ledger });
  let isWanted = model !== null;
  try {
    const looked = await writer.look();
    isWanted ||= looked.collected.length > 0;
    if (model !== null)
      return await enrich(needed, textsOut(looked), { ...options, model, writer });
    const nothing = { contextsOf: null, waiting: [], failed: new Map(), held: null };
    return { ...needed, ...nothing, spent: NOTHING_SPENT };
  } finally {
    if (isWanted) onEnriched(writer.enrichment);
  }
}

interface Enrichable extends EnrichOptions {
  readonly model: string;
  readonly writer: SentenceWriter;
}

async function enrich(
  { items, inJobs }: Needed,
  looked: ReadonlyMap<string, JobOut>,
  options: Enrichable,
): Promise<Enriched> {
  const { config, messages, model, profile, signal, store, writer } = options;
  const { contexts } = store;
  const drafts = await SentenceDrafts.read([...items, ...inJobs], model, options);
  const known = await sizesOf(drafts.recipes, contexts);
  const before = bySentence(items, drafts, known, looked);
  const reserved = reservedFor(before.ready, config.budget, profile);
  const decided = decideSentences(before.missing, options, { reserved });
  if (decided.plan !== null) messages.tell(decided.plan.reason);
  const awaited = new Set(before.inJobs.map(({ prompt }) => prompt.fingerprint));
  const [written, jobs] = await bothOrNeither(
    (stop) => writer.write(decided, { drafts, reserved }, stop),
    (stop) => writer.awaitJobs(awaited, stop),
    signal,
  );
  const out = textsOut(jobs);
  const lost = before.inJobs.filter(
    ({ prompt: { fingerprint: recipe } }) => !writer.sizes.has(recipe) && !out.has(recipe),
  );
  const again = await writeLost(lost, drafts, sumOfSpent(reserved, written.spent), options);
  await contexts.compact();
  if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
  const sizes = new Map([...known, ...writer.sizes]);
  const { ready } = bySentence(items, drafts, sizes, out);
  await warnOfSilence(ready, sizes, { drafts, messages, model });
  const left = new Map<Fingerprint, NotOk>();
  const sent = [...decided.sent, ...before.inJobs];
  for (const {
    text,
    prompt: { fingerprint: recipe },
  } of sent) {
    if (sizes.has(recipe)) continue;
    const job = out.get(recipe);
    const result = job && resultOfJobOut(job, config.batching.onDeadline);
    const why = result ?? again.without.get(recipe) ?? written.without.get(recipe);
    left.set(text.fingerprint, why ?? nothingCame(text));
  }
  const refused = [...left].filter(([, { error }]) => isOverBudget(error));
  for (const [fingerprint] of refused) left.delete(fingerprint);
  const reached = decided.reached ?? written.reached ?? again.reached;
  return {
    items: ready,
    spent: sumOfSpent(written.spent, again.spent),
    held: heldBy(reached, decided.held.length + refused.length),
    contextsOf: contextsOf(drafts, contexts),
    ...reasonsOf(left),
  };
}

/**
 * What jobs of earlier runs have not served goes by calls when the user would rather pay than wait, and
 * else by the next run.
 */
async function writeLost(
  lost: readonly Draft[],
  drafts: SentenceDrafts,
  reserved: Spent,
  options: Enrichable,
): Promise<Written> {
  const { config, messages, signal, writer } = options;
  const asLost = { status: "pending", job: null, reason: LOST } as const;
  const without = new Map<string, NotOk>(lost.map(({ prompt }) => [prompt.fingerprint, asLost]));
  if (config.batching.onDeadline !== "individual" || lost.length === 0) {
    return { ...NOT_WRITTEN, without };
  }
  const decided = decideSentences(lost, options, { reserved, forceIndividual: true });
  if (decided.plan !== null) messages.tell(decided.plan.reason);
  const written = await writer.write(decided, { drafts, reserved }, signal);
  const reached = decided.reached ?? written.reached;
  if (reached !== null) {
    const refused = notOk(new SiteragError("BUDGET_REACHED", limitReached(reached)));
    for (const { prompt } of decided.held) without.set(prompt.fingerprint, refused);
  }
  return { ...written, reached, without: new Map([...without, ...written.without]) };
}

/** Of a text for whose sentence nothing came, neither an answer nor a failure. */
const nothingCame = ({ page }: PlanItem): NotOk => ({
  status: "failed",
  error: new SiteragError(
    "ANSWER_MALFORMED",
    `No sentence of context came for a text of ${page}. Run \`siterag index\` again.`,
  ),
});

function reasonsOf(left: ReadonlyMap<Fingerprint, NotOk>): Pick<Enriched, "waiting" | "failed"> {
  const failed = new Map<Fingerprint, Error>();
  const waiting: string[] = [];
  for (const [fingerprint, result] of left) {
    if (result.status === "failed") failed.set(fingerprint, result.error);
    else waiting.push(result.reason);
  }
  return { waiting, failed };
}

const contextsOf =
  (drafts: SentenceDrafts, contexts: StoreWriter["contexts"]): ContextsOf =>
  async (fingerprints) => {
    const known = await contexts.read(fingerprints.map((one) => drafts.recipeOf(one)));
    return new Map(
      fingerprints.flatMap((one) => {
        const sentence = known.get(drafts.recipeOf(one));
        return sentence === undefined ? [] : [[one, sentence] as const];
      }),
    );
  };

/** Places named in a message; the rest is counted. */
const SHOWN = 5;

/** Tells of texts for which the model writes no sentence. */
async function warnOfSilence(
  ready: readonly PlanItem[],
  sizes: SentenceSizes,
  {
    drafts,
    messages,
    model,
  }: Pick<EnrichOptions, "messages"> & { readonly drafts: SentenceDrafts; readonly model: string },
): Promise<void> {
  const texts = ready.filter(
    ({ fingerprint }) => sizes.get(drafts.recipeOf(fingerprint))?.bytes === 0,
  );
  if (texts.length === 0) return;
  const places: string[] = [];
  for (const { fingerprint } of texts.slice(0, SHOWN)) {
    places.push(await drafts.placeOf(fingerprint));
  }
  const more = texts.length > SHOWN ? `; and ${texts.length - SHOWN} more` : "";
  messages.warn(
    `${count(texts.length, "text")} without a sentence of context, because ${model} writes none for it: ${places.join("; ")}${more}`,
  );
}
