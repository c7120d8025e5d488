import { CONTEXT_TOKENS, type ResolvedConfig } from "../config/schema.ts";
import type { GeneratedText, GenerationClient, GenerationRequest } from "../generation/client.ts";
import { sentenceOf } from "../generation/context-prompt.ts";
import {
  limitReached,
  NOTHING_SPENT,
  sumOfSpent,
  type ReachedLimit,
  type Spent,
} from "../planning/budget.ts";
import { heldBy, type OverBudget } from "../planning/choose-within-budget.ts";
import { spentOnTexts } from "../planning/plan-sentences.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { JobOut } from "../sending/collect-jobs.ts";
import { Spending } from "../sending/spending.ts";
import { unfinished } from "../sending/unfinished.ts";
import type { StoreWriter } from "../store/open-store.ts";
import { SiteragError } from "../words/errors.ts";
import type { PlanItem } from "../words/plans.ts";
import type { Fingerprint, Result, Unfinished } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";
import { LOST } from "./earlier-jobs.ts";
import { silenceSentence } from "./failure-messages.ts";
import { fill, partUnfinished, type Work } from "./fill.ts";
import type { Needed } from "./find-needed.ts";
import { planEnrichment } from "./plan-enrichment.ts";
import type { Run } from "./run.ts";
import type { Stage } from "./stage.ts";

/** The model of the sentences of context; null where none are wanted, or nobody could write them. */
export const contextModel = (
  { generation }: Pick<ResolvedConfig, "generation">,
  { model }: Pick<GenerationClient, "model">,
): string | null => (generation.enrich === "off" ? null : model);

/** Sentences of context, kept by recipe. */
export const sentencesStage = (
  client: GenerationClient,
  { contexts }: Pick<StoreWriter, "contexts">,
  onKept: (sentences: readonly string[]) => void = () => undefined,
): Stage<GenerationRequest, GeneratedText, string> => ({
  phase: "enrich",
  client,
  cacheOf: () => contexts,
  valueOf,
  onKept,
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
type ContextsOf = (
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
  { announcements, deadlineAt, ledger, needed, ...work }: SentenceWork,
): Promise<Enriched> {
  const { embedder, model, out } = work;
  const { profile: writer } = stage.client;
  const { contexts } = run.store;
  const wanted = { items: needed.items, others: needed.inJobs };
  const planned = await planEnrichment(run, { ...work, ...wanted, writer });
  const { decide, decided, drafts, texts } = planned;
  if (decided.fitting.length > 0) announcements.onPlan(decided.plan);
  const embedding = { embedder, outputTokens: CONTEXT_TOKENS };
  const spending = new Spending({
    budget: run.config.budget,
    profile: writer,
    before: sumOfSpent(planned.reserved, spentOnTexts(decided, embedding)),
    outputTokens: CONTEXT_TOKENS,
  });
  let lostReached: ReachedLimit | null = null;
  const planLost: Work<GenerationRequest>["planLost"] = async (prompts, without) => {
    // Where no sentence came, its text is not embedded in this run.
    const fitting = decided.fitting.filter(({ prompt }) => without.has(prompt.fingerprint));
    spending.release(spentOnTexts({ ...decided, fitting }, embedding));
    const lost = texts.inJobs.filter(({ prompt }) => prompts.includes(prompt));
    const anew = decide(lost, { reserved: spending.inAll, forceIndividual: true });
    spending.reserve(spentOnTexts(anew, embedding));
    lostReached = anew.reached;
    return { plan: anew.plan, others: heldOutcome(anew.reached) };
  };
  const filled = await fill(run, stage, {
    plan: decided.plan,
    inJobs: texts.inJobs.map(({ prompt }) => prompt),
    cacheHits: 0,
    inputsOf: (prompts) => drafts.requestsOf(prompts),
    planLost,
    spending,
    ledger,
    deadlineAt,
    announcements,
  });
  await contexts.compact();
  const { ready, silent } = await drafts.partition(needed.items, contexts, out);
  if (silent.length > 0) run.messages.warn(await silenceSentence(silent, model, run.spool));
  const { failed, overBudget, waiting } = partUnfinished(
    [...filled.unfinished].map(([recipe, outcome]) => [drafts.textOf(recipe), outcome]),
  );
  const reached = decided.reached ?? spending.reached ?? lostReached;
  return {
    items: ready,
    contextsOf: (fingerprints) => drafts.sentencesOf(fingerprints, contexts),
    waiting,
    failed,
    spent: spending.spent,
    held: heldBy(reached, decided.held.length + overBudget.length),
  };
}

/** The outcome of a sentence that the budget has no room for. */
const heldOutcome = (reached: ReachedLimit | null): Unfinished =>
  reached === null ? LOST : unfinished(new SiteragError("BUDGET_REACHED", limitReached(reached)));
