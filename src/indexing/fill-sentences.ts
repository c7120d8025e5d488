import { CONTEXT_TOKENS, type ResolvedConfig } from "../config/schema.ts";
import type { GeneratedText, GenerationClient, GenerationRequest } from "../generation/client.ts";
import { contextSpace, sentenceOf } from "../generation/context-prompt.ts";
import {
  limitReached,
  NOTHING_SPENT,
  sumOfSpent,
  type ReachedLimit,
  type Spent,
} from "../planning/budget.ts";
import type { OverBudget } from "../planning/choose-within-budget.ts";
import {
  planSentences,
  reservedFor,
  spentOnTexts,
  type Draft,
  type SentenceDecision,
  type SentenceOptions,
} from "../planning/plan-sentences.ts";
import { batchingOfPrompts } from "../planning/prompt-roads.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { JobOut } from "../sending/collect-jobs.ts";
import { isOverBudget, Spending } from "../sending/spending.ts";
import { unfinished } from "../sending/unfinished.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { StoreWriter } from "../store/open-store.ts";
import { SiteragError } from "../words/errors.ts";
import type { EmbeddingSpace, Fingerprint, PlanItem, Result, Unfinished } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";
import { LOST } from "./earlier-jobs.ts";
import { fill, type Work } from "./fill.ts";
import type { Needed } from "./find-needed.ts";
import type { Run } from "./run.ts";
import { SentenceDrafts } from "./sentence-drafts.ts";
import { warnOfSilence } from "./sentence-messages.ts";
import { sizesOf } from "./sentence-sizes.ts";
import type { Stage } from "./stage.ts";

/** The model of the sentences of context; null where none are wanted, or nobody could write them. */
export const contextModel = (
  { generation }: Pick<ResolvedConfig, "generation">,
  { model }: Pick<GenerationClient, "model">,
): string | null => (generation.enrich === "off" ? null : model);

/** The space as fingerprints see it. */
export const inputSpaceOf = (model: string | null, space: EmbeddingSpace): EmbeddingSpace =>
  model === null ? space : contextSpace(space, model);

/** Sentences of context, kept by recipe. */
export const sentencesStage = (
  client: GenerationClient,
  { contexts }: Pick<StoreWriter, "contexts">,
  onKept?: (sentences: readonly string[]) => void,
): Stage<GenerationRequest, GeneratedText, string> => ({
  phase: "enrich",
  client,
  cacheOf: () => contexts,
  valueOf,
  ...(onKept === undefined ? {} : { onKept }),
});

/**
 * That the model writes none is kept, too, as an empty sentence: asking again would not help. A sentence
 * that was cut off still tells something.
 */
function valueOf(result: Result<GeneratedText>): { readonly value: string } | Unfinished {
  if (result.status === "ok") return { value: sentenceOf(result.text) };
  const isRefused =
    result.status === "failed" &&
    result.error instanceof SiteragError &&
    result.error.code === "ANSWER_BLOCKED";
  return isRefused ? { value: "" } : result;
}

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

/** Where no sentences are wanted, texts are embedded as they are. */
export const withoutSentences = ({ items }: Needed): Enriched => ({
  items,
  contextsOf: null,
  waiting: [],
  failed: new Map(),
  spent: NOTHING_SPENT,
  held: null,
});

/** Texts that a limit of the budget holds back. */
const heldBy = (reached: ReachedLimit | null, textsLeft: number): OverBudget | null =>
  reached === null || textsLeft === 0 ? null : { ...reached, textsLeft };

/** Texts that a decision holds back for the budget's sake. */
export const heldByDecision = ({ held, reached }: SentenceDecision): OverBudget | null =>
  heldBy(reached, held.length);

/** How sentences are decided on, in a dry run as in a run. */
export const decideSentences = (
  missing: readonly Draft[],
  { batching, budget }: Pick<ResolvedConfig, "batching" | "budget">,
  given: Pick<SentenceOptions, "writer" | "embedder" | "reserved" | "forceIndividual">,
): SentenceDecision =>
  planSentences(missing, { batching, budget, ...given, outputTokens: CONTEXT_TOKENS });

/** What decides how a run's sentences are written. */
export interface SentenceWork extends Pick<
  Work<GenerationRequest>,
  "ledger" | "deadlineAt" | "announcements"
> {
  readonly model: string;
  readonly changed: readonly SpooledChange[];
  readonly needed: Needed;
  /** Prompts in jobs of earlier runs, by recipe. */
  readonly out: ReadonlyMap<string, JobOut>;
  /** Of whoever embeds the texts. */
  readonly embedder: ProviderProfile;
}

/**
 * Sees to it that the chunks that are to be embedded have their sentences of context: those that the
 * store knows, those of jobs of earlier runs, and new ones beside them. Each is committed before it is
 * used. A chunk without one is left out, unless the model has said that it writes none for it.
 */
export async function fillSentences(
  run: Run,
  stage: Stage<GenerationRequest, GeneratedText, string>,
  work: SentenceWork,
): Promise<Enriched> {
  const { config, spool, store } = run;
  const { budget } = config;
  const { announcements, changed, deadlineAt, embedder, ledger, model, needed, out } = work;
  const { contexts } = store;
  const wanted = [...needed.items, ...needed.inJobs];
  const drafts = await SentenceDrafts.read(wanted, model, { changed, spool });
  const before = drafts.partition(needed.items, await sizesOf(drafts.recipes, contexts), out);
  const reserved = reservedFor(before.ready, budget, embedder);
  const { profile: writer } = stage.client;
  const decided = decideSentences(before.missing, config, { writer, embedder, reserved });
  const { plan } = decided;
  if (decided.sent.length > 0) announcements.onPlan(plan);
  const texts = { embedder, outputTokens: CONTEXT_TOKENS };
  const forTexts = sumOfSpent(reserved, spentOnTexts(decided, texts));
  const spending = new Spending({
    budget,
    profile: writer,
    before: forTexts,
    outputTokens: CONTEXT_TOKENS,
  });
  let lostReached: ReachedLimit | null = null;
  const filled = await fill(run, stage, {
    plan,
    inJobs: before.inJobs.map(({ prompt }) => prompt),
    cacheHits: 0,
    inputsOf: (prompts) => drafts.requestsOf(prompts),
    partLost: async (prompts) => {
      const lost = before.inJobs.filter(({ prompt }) => prompts.includes(prompt));
      const given = { writer, embedder, reserved: spending.inAll, forceIndividual: true };
      const anew = decideSentences(lost, config, given);
      spending.reserve(spentOnTexts(anew, texts));
      lostReached = anew.reached;
      return { sent: anew.sent.map(({ prompt }) => prompt), others: heldOutcome(anew) };
    },
    batching: batchingOfPrompts(config.batching),
    context: { profile: writer, ...SENTENCES },
    spending,
    ledger,
    deadlineAt,
    announcements,
  });
  await contexts.compact();
  const sizes = await sizesOf(drafts.recipes, contexts);
  const { ready } = drafts.partition(needed.items, sizes, out);
  await warnOfSilence(run, ready, sizes, { drafts, model });
  const reasons = reasonsOf([...decided.sent, ...before.inJobs], filled.unfinished);
  const reached = decided.reached ?? spending.reached ?? lostReached;
  return {
    items: ready,
    contextsOf: contextsOf(drafts, contexts),
    waiting: reasons.waiting,
    failed: reasons.failed,
    spent: spending.spent,
    held: heldBy(reached, decided.held.length + reasons.overBudget),
  };
}

/** The outcome of a sentence that the budget has no room for. */
const heldOutcome = ({ reached }: SentenceDecision): Unfinished =>
  reached === null ? LOST : unfinished(new SiteragError("BUDGET_REACHED", limitReached(reached)));

const SENTENCES = { contents: "sentence", outputTokens: CONTEXT_TOKENS } as const;

/** Why the sentences of texts have not come, by text. */
function reasonsOf(
  drafts: readonly Draft[],
  outcomes: ReadonlyMap<string, Unfinished>,
): Pick<Enriched, "waiting" | "failed"> & { readonly overBudget: number } {
  const failed = new Map<Fingerprint, Error>();
  const waiting: string[] = [];
  let overBudget = 0;
  for (const { prompt, text } of drafts) {
    const outcome = outcomes.get(prompt.fingerprint);
    if (outcome === undefined) continue;
    if (isOverBudget(outcome.error)) overBudget += 1;
    else if (outcome.status === "failed") failed.set(text.fingerprint, outcome.error);
    else waiting.push(outcome.reason);
  }
  return { waiting, failed, overBudget };
}

const contextsOf =
  (drafts: SentenceDrafts, contexts: Pick<KeyedCache<string>, "read">): ContextsOf =>
  async (fingerprints) => {
    const known = await contexts.read(fingerprints.map((one) => drafts.recipeOf(one)));
    return new Map(
      fingerprints.flatMap((one) => {
        const sentence = known.get(drafts.recipeOf(one));
        return sentence === undefined ? [] : [[one, sentence] as const];
      }),
    );
  };
