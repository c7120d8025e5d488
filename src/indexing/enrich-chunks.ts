import { CONTEXT_TOKENS } from "../config/schema.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { NotOk } from "../embedding/given-up.ts";
import type { OnJobState } from "../embedding/job-collection.ts";
import { SiteragError } from "../errors.ts";
import { GENERATION_PROVIDER } from "../generation/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { contextSpace } from "../generation/context-prompt.ts";
import { NOTHING_SPENT } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import { count } from "../planning/amounts.ts";
import type { OverBudget } from "../planning/choose-within-budget.ts";
import { planSentences } from "../planning/plan-sentences.ts";
import type { SentenceDecision } from "../planning/plan-sentences.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Draft } from "../planning/sentence-budget.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type {
  Clock,
  EmbeddingSpace,
  Enrichment,
  Fingerprint,
  PlanItem,
  Progress,
} from "../types.ts";
import { bySentence, sumOfTexts } from "./by-sentence.ts";
import type { Needed } from "./find-needed.ts";
import type { Messages } from "./messages.ts";
import { ledgerOf, resultOfJobOut } from "./outstanding-jobs.ts";
import { SentenceDrafts } from "./sentence-drafts.ts";
import type { ChunkSource } from "./sentence-drafts.ts";
import { sizesOf } from "./sentences.ts";
import type { SentenceSizes } from "./sentences.ts";
import { nothingCame, SentenceWriter } from "./write-sentences.ts";

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

/** Texts that a decision holds back for the budget's sake. */
export const heldBy = (decided: SentenceDecision | null): OverBudget | null =>
  decided?.reached == null ? null : { ...decided.reached, textsLeft: decided.held.length };

/** How sentences are decided on, in a dry run as in a run; `profile` is of whoever embeds the texts. */
export const decideSentences = (
  missing: readonly Draft[],
  ready: readonly PlanItem[],
  { config, generator, profile }: Pick<EnrichOptions, "config" | "generator" | "profile">,
): SentenceDecision =>
  planSentences(missing, {
    batching: config.batching,
    budget: config.budget,
    reserved: sumOfTexts(ready),
    prices: config.generation,
    outputTokens: CONTEXT_TOKENS,
    writer: generator.profile,
    embedder: profile,
  });

/**
 * Sees to it that the chunks that are to be embedded have their sentences of context: those that the
 * store knows, then those of jobs of earlier runs, then new ones. Each is committed before it is
 * used. A chunk without one is left out, unless the model has said that it writes none for it. Where no
 * sentences are wanted, all is as it was.
 */
export async function enrichChunks(needed: Needed, options: EnrichOptions): Promise<Enriched> {
  const model = contextModel(options.config, options.generator);
  if (model !== null) return enrich(needed, { ...options, model });
  const nothing = { contextsOf: null, waiting: [], failed: new Map(), held: null };
  return { ...needed, ...nothing, spent: NOTHING_SPENT };
}

async function enrich(
  { items, inJobs }: Needed,
  options: EnrichOptions & { readonly model: string },
): Promise<Enriched> {
  const { config, messages, model, onEnriched, signal, store } = options;
  const { contexts } = store;
  const drafts = await SentenceDrafts.read([...items, ...inJobs], model, options);
  const ledger = ledgerOf(store.jobs, { provider: GENERATION_PROVIDER }, config.store.index);
  const writer = new SentenceWriter({ ...options, contexts, ledger, drafts });
  try {
    const out = await writer.collect();
    const known = await sizesOf(drafts.recipes, contexts);
    const before = bySentence(items, drafts, known, out);
    const decided = decideSentences(before.missing, before.ready, options);
    if (decided.plan !== null) messages.tell(decided.plan.reason);
    const { sizes: fresh, spent, without } = await writer.write(decided);
    await contexts.compact();
    if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
    const sizes = new Map([...known, ...fresh]);
    const { ready } = bySentence(items, drafts, sizes, out);
    await warnOfSilence(ready, sizes, { drafts, messages, model });
    const { onDeadline } = config.batching;
    const left = new Map<Fingerprint, NotOk>();
    for (const { fingerprint } of before.inJobs) {
      const job = out.get(drafts.recipeOf(fingerprint));
      if (job !== undefined) left.set(fingerprint, resultOfJobOut(job, onDeadline));
    }
    for (const { text, prompt } of decided.sent) {
      if (sizes.has(prompt.fingerprint)) continue;
      left.set(text.fingerprint, without.get(prompt.fingerprint) ?? nothingCame(text));
    }
    return {
      items: ready,
      spent,
      held: heldBy(decided),
      contextsOf: contextsOf(drafts, contexts),
      ...reasonsOf(left),
    };
  } finally {
    onEnriched(writer.enrichment);
  }
}

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
    `${count(texts.length, "text")} embedded without a sentence of context, because ${model} writes none for it: ${places.join("; ")}${more}`,
  );
}
