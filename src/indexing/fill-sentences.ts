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
import type { JobOut } from "../sending/client.ts";
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

/** The model that writes sentences of context; null: texts are embedded without. */
export const contextModel = (
  { generation }: Pick<ResolvedConfig, "generation">,
  { model }: Pick<GenerationClient, "model">,
): string | null => (generation.enrich === "off" ? null : model);

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

/** Keeps an empty sentence where the model refuses, because asking again would not help. */
function valueOf(result: Result<GeneratedText>): { readonly value: string } | Unfinished {
  if (result.status === "ok") return { value: sentenceOf(result.text) };
  const isRefused =
    result.status === "failed" &&
    result.error instanceof SiteragError &&
    result.error.code === "ANSWER_BLOCKED";
  return isRefused ? { value: "" } : result;
}

/** The texts that can be embedded now, and why the others cannot. */
export interface Enriched {
  readonly items: readonly PlanItem[];
  /** Reads the sentences of texts, empty ones included; null: texts are embedded without. */
  readonly contextsOf:
    | ((texts: readonly Fingerprint[]) => Promise<ReadonlyMap<Fingerprint, string>>)
    | null;
  /** One reason for each pending text. */
  readonly waiting: readonly string[];
  readonly failed: ReadonlyMap<Fingerprint, Error>;
  /** What the sentences have taken from the run's budget. */
  readonly spent: Spent;
  /** Texts whose sentences exceed the budget; null: none. */
  readonly held: OverBudget | null;
}

export const withoutSentences = ({ items }: Needed): Enriched => ({
  items,
  contextsOf: null,
  waiting: [],
  failed: new Map(),
  spent: NOTHING_SPENT,
  held: null,
});

export interface SentenceWork extends Pick<
  Work<GenerationRequest>,
  "ledger" | "deadlineAt" | "announcements"
> {
  readonly model: string;
  readonly changed: readonly SpooledChange[];
  readonly needed: Needed;
  /** Prompts in jobs from earlier runs, by recipe. */
  readonly out: ReadonlyMap<string, JobOut>;
  readonly embedder: ProviderProfile;
}

/**
 * Finds a sentence of context for each text: in the store, in a job from an earlier run, or from the
 * model. Commits each sentence before it is used. Leaves out a text without a sentence, unless the model
 * refused to write one.
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
    // A text without its sentence is not embedded in this run.
    const fitting = decided.fitting.filter(({ prompt }) => without.has(prompt.fingerprint));
    spending.release(spentOnTexts({ ...decided, fitting }, embedding));
    const lost = texts.inJobs.filter(({ prompt }) => prompts.includes(prompt));
    const byCalls = decide(lost, { reserved: spending.inAll, forceIndividual: true });
    spending.reserve(spentOnTexts(byCalls, embedding));
    lostReached = byCalls.reached;
    return { plan: byCalls.plan, others: heldOutcome(byCalls.reached) };
  };
  const filled = await fill(run, stage, {
    plan: decided.plan,
    inJobs: texts.inJobs.map(({ prompt }) => prompt),
    cacheHits: 0,
    inputsOf: async (prompts) => drafts.requestsOf(prompts),
    planLost,
    spending,
    ledger,
    deadlineAt,
    announcements,
  });
  await contexts.compact();
  const { ready, silent } = await drafts.partition(needed.items, contexts, out);
  if (silent.length > 0) run.messages.warn(silenceSentence(silent, model, run.spool));
  const { failed, overBudget, waiting } = partUnfinished(
    [...filled.unfinished].map(([recipe, outcome]) => [drafts.textOf(recipe), outcome]),
    run.failsWaiting,
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

/** The outcome of a lost sentence that no call replaces. */
const heldOutcome = (reached: ReachedLimit | null): Unfinished =>
  reached === null ? LOST : unfinished(new SiteragError("BUDGET_REACHED", limitReached(reached)));
