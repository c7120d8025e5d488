import type { ResolvedConfig } from "../config/schema.ts";
import type { JobOut } from "../embedding/job-collection.ts";
import { FAILS_ALL, SiteragError } from "../errors.ts";
import { GENERATION_PROVIDER } from "../generation/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { contextSpace } from "../generation/context-prompt.ts";
import { NOTHING_SPENT } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import { count } from "../planning/amounts.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type {
  EmbeddingSpace,
  Enrichment,
  Fingerprint,
  OnDeadline,
  PlanItem,
  Progress,
} from "../types.ts";
import type { SpooledChange } from "./collect-changes.ts";
import type { Needed } from "./find-needed.ts";
import type { Messages } from "./messages.ts";
import { ledgerOf } from "./outstanding-jobs.ts";
import { SentenceDrafts, sumOfTexts } from "./sentence-drafts.ts";
import { Sentences } from "./sentences.ts";
import { SentenceWriter } from "./write-sentences.ts";
import type { Written } from "./write-sentences.ts";

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
  readonly onProgress: (progress: Progress) => void;
  /** Is told what the sentences have come to, also when the run is interrupted. */
  readonly onEnriched: (enrichment: Enrichment) => void;
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
}

/**
 * Sees to it that the chunks that are to be embedded have their sentences of context: those that the
 * store knows, then those of jobs of earlier runs, then new ones. Each is committed before it is
 * used. A chunk without one is left out, unless the model has said that it writes none for it. Where no
 * sentences are wanted, all is as it was.
 */
export async function enrichChunks(needed: Needed, options: EnrichOptions): Promise<Enriched> {
  const model = contextModel(options.config, options.generator);
  if (model !== null) return enrich(needed, { ...options, model });
  const nothing = { contextsOf: null, waiting: [], failed: new Map(), spent: NOTHING_SPENT };
  return { ...needed, ...nothing };
}

async function enrich(
  needed: Needed,
  options: EnrichOptions & { readonly model: string },
): Promise<Enriched> {
  const { config, messages, model, onEnriched, signal, store } = options;
  const drafts = await SentenceDrafts.of([...needed.items, ...needed.inJobs], model, options);
  const sentences = new Sentences(store.contexts);
  const ledger = ledgerOf(store.jobs, { provider: GENERATION_PROVIDER }, config.store.index);
  const { contexts } = store;
  const writer = new SentenceWriter({ ...options, sentences, contexts, ledger, drafts });
  try {
    const out = await writer.collect(drafts.recipes);
    await sentences.load(drafts.recipes);
    const { onDeadline } = config.batching;
    const found = { drafts, sentences, out, onDeadline };
    const before = sorted(needed.items, { ...found, results: new Map() });
    const missing = before.missing.map((fingerprint) => drafts.draftOf(fingerprint));
    const { results, spent } = await writer.write(missing, sumOfTexts(before.items));
    await store.contexts.compact();
    if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
    const after = sorted(needed.items, { ...found, results });
    for (const fingerprint of after.missing) after.failed.set(fingerprint, nothingCame());
    if (after.without.length > 0)
      messages.warn(await withoutSentence(after.without, model, drafts));
    const { items, waiting, failed } = after;
    return { items, waiting, failed, spent, contextsOf: contextsOf(drafts, sentences) };
  } finally {
    onEnriched({ ...writer.usage, sentences: sentences.written });
  }
}

const contextsOf =
  (drafts: SentenceDrafts, sentences: Sentences): ContextsOf =>
  async (fingerprints) => {
    const known = await sentences.read(fingerprints.map((one) => drafts.recipeOf(one)));
    return new Map(
      fingerprints.flatMap((one) => {
        const sentence = known.get(drafts.recipeOf(one));
        return sentence === undefined ? [] : [[one, sentence] as const];
      }),
    );
  };

interface Found extends Pick<Written, "results"> {
  readonly drafts: SentenceDrafts;
  readonly sentences: Sentences;
  /** The job that the sentence of a recipe is in, by recipe. */
  readonly out: ReadonlyMap<string, JobOut>;
  readonly onDeadline: OnDeadline;
}

/** Which items have a sentence or will have none, and why the others cannot be embedded. */
function sorted(items: readonly PlanItem[], found: Found) {
  const { drafts, sentences, out, results, onDeadline } = found;
  const failed = new Map<Fingerprint, Error>();
  const waiting: string[] = [];
  const ready: PlanItem[] = [];
  const without: Fingerprint[] = [];
  const missing: Fingerprint[] = [];
  for (const item of items) {
    const recipe = drafts.recipeOf(item.fingerprint);
    const size = sentences.sizeOf(recipe);
    const job = out.get(recipe);
    const result = results.get(recipe);
    if (size !== undefined) {
      if (size.tokens === 0) without.push(item.fingerprint);
      ready.push({ ...item, tokens: item.tokens + size.tokens, bytes: item.bytes + size.bytes });
    } else if (job !== undefined) {
      const error = failureOf(job, onDeadline);
      if (error === null) waiting.push(job.reason);
      else failed.set(item.fingerprint, error);
    } else if (result?.status === "pending") waiting.push(result.reason);
    else if (result?.status === "failed") failed.set(item.fingerprint, result.error);
    else missing.push(item.fingerprint);
  }
  return { items: ready, waiting, failed, without, missing };
}

const nothingCame = (): Error => new Error("no sentence of context came back");

/** What no later run can read by itself is no success, nor what the user would not wait for. */
function failureOf({ error, reason }: JobOut, onDeadline: OnDeadline): SiteragError | null {
  if (error !== undefined && FAILS_ALL.has(error.code)) return error;
  return onDeadline === "fail" ? new SiteragError("TIMEOUT", reason) : null;
}

/** Places named in a message; the rest is counted. */
const SHOWN = 5;

/** What is said of texts for which the model writes no sentence. */
async function withoutSentence(
  texts: readonly Fingerprint[],
  model: string,
  drafts: SentenceDrafts,
): Promise<string> {
  const places: string[] = [];
  for (const text of texts.slice(0, SHOWN)) places.push(await drafts.placeOf(text));
  const more = texts.length > SHOWN ? `; and ${texts.length - SHOWN} more` : "";
  return `${count(texts.length, "text")} embedded without a sentence of context, because ${model} writes none for it: ${places.join("; ")}${more}`;
}
