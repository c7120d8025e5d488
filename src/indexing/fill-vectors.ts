import { embeddingInput } from "../chunking/embedding-input.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { withContext } from "../generation/context-prompt.ts";
import { limitReached, type ReachedLimit } from "../planning/budget.ts";
import {
  chooseWithinBudget,
  type BudgetedPlan,
  type OverBudget,
} from "../planning/choose-within-budget.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { isOverBudget, Spending } from "../sending/spending.ts";
import type { StoreWriter } from "../store/open-store.ts";
import { toError } from "../words/errors.ts";
import type {
  Embedded,
  EmbeddingInput,
  Fingerprint,
  PlanItem,
  Result,
  Usage,
} from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";
import { LOST } from "./earlier-jobs.ts";
import { fill, type Filled, type Work } from "./fill.ts";
import type { Enriched } from "./fill-sentences.ts";
import type { Needed } from "./find-needed.ts";
import type { Run } from "./run.ts";
import type { Stage } from "./stage.ts";

/** Vectors of texts, kept by fingerprint. */
export const vectorsStage = (
  client: EmbeddingClient,
  { cacheOf }: Pick<StoreWriter, "cacheOf">,
): Stage<EmbeddingInput, Embedded, Float32Array> => ({
  phase: "embed",
  client,
  cacheOf,
  valueOf: (result, { dimensions }) => valueOf(result, dimensions),
});

/** Checked once more, whoever the client is: what goes into the cache is never asked for again. */
function valueOf(result: Result<Embedded>, dimensions: number) {
  if (result.status !== "ok") return result;
  try {
    checkVectors([result.vector], 1, dimensions);
    return { value: result.vector };
  } catch (cause) {
    return { status: "failed", error: toError(cause) } as const;
  }
}

/** What decides how a run's texts are embedded. */
export interface VectorWork extends Pick<
  Work<EmbeddingInput>,
  "ledger" | "deadlineAt" | "announcements" | "observe"
> {
  readonly changed: readonly SpooledChange[];
  readonly needed: Needed;
  readonly enriched: Enriched;
  /** The client's profile, with the times that were observed in earlier runs. */
  readonly profile: ProviderProfile;
}

export interface FilledVectors extends BudgetedPlan {
  readonly usage: Usage;
  /** Why texts failed, by fingerprint. */
  readonly failed: ReadonlyMap<Fingerprint, Error>;
  /** Why texts are pending, one sentence for each of them. */
  readonly waiting: readonly string[];
}

/** Embeds what can be embedded now, as far as the budget goes. */
export async function fillVectors(
  run: Run,
  stage: Stage<EmbeddingInput, Embedded, Float32Array>,
  work: VectorWork,
): Promise<FilledVectors> {
  const { config, store } = run;
  const { batching, budget } = config;
  const { announcements, deadlineAt, enriched, ledger, needed, observe, profile } = work;
  const withoutSentence = enriched.waiting.length + enriched.failed.size;
  const context = { profile, inJobs: needed.inJobs.length, withoutSentence };
  const planned = chooseWithinBudget(enriched.items, batching, context, budget, enriched);
  announcements.onPlan(planned.plan);
  const { client } = stage;
  const spending = new Spending({ budget, profile: client.profile, before: enriched.spent });
  const filled = await fill(run, stage, {
    plan: planned.plan,
    inJobs: needed.inJobs,
    cacheHits: needed.cacheHits,
    inputsOf: inputsOf(run, work),
    partLost: partLost(enriched),
    batching,
    context: { profile: client.profile },
    spending,
    ledger,
    deadlineAt,
    announcements,
    requestsOfDay: store.meta.requestsOfDay(client.space),
    observe,
  });
  const outcome = outcomeOf(filled, planned.overBudget, spending.reached);
  if (outcome.overBudget !== null) {
    client.events?.emit({ type: "budget", ...outcome.overBudget });
  }
  const held = planned.overBudget;
  const notPlanned =
    held === null ? [] : Array.from({ length: held.textsLeft }, () => limitReached(held));
  return {
    plan: planned.plan,
    overBudget: outcome.overBudget,
    usage: { ...filled.usage, cacheHits: needed.cacheHits },
    failed: outcome.failed,
    waiting: [...outcome.waiting, ...notPlanned],
  };
}

/** Parts texts without a vector into those that failed and those that wait. */
function outcomeOf({ unfinished }: Filled, held: OverBudget | null, reached: ReachedLimit | null) {
  const failed = new Map<Fingerprint, Error>();
  const waiting: string[] = [];
  let heldBack = 0;
  for (const [fingerprint, outcome] of unfinished) {
    if (outcome.status === "failed") failed.set(fingerprint, outcome.error);
    else waiting.push(outcome.reason);
    if (outcome.status === "pending" && isOverBudget(outcome.error)) heldBack += 1;
  }
  const limit = held ?? reached;
  const textsLeft = (held?.textsLeft ?? 0) + heldBack;
  const overBudget = limit === null || textsLeft === 0 ? null : { ...limit, textsLeft };
  return { failed, waiting, overBudget };
}

/** Those whose sentence of context is there, if there are to be any, can be sent: it may have been cleared. */
const partLost =
  ({ contextsOf }: Enriched): Work<EmbeddingInput>["partLost"] =>
  async (lost) => {
    const contexts = await contextsOf?.(lost.map(({ fingerprint }) => fingerprint));
    const sent = lost.filter(({ fingerprint }) => contexts?.has(fingerprint) ?? true);
    return { sent, others: LOST };
  };

/** Reads the texts of items, each with its sentence of context. */
function inputsOf(
  { spool }: Run,
  { changed, enriched }: VectorWork,
): Work<EmbeddingInput>["inputsOf"] {
  const changeOf = new Map(changed.map((change) => [change.fingerprint, change]));
  return async (items) => {
    const contexts = await enriched.contextsOf?.(items.map(({ fingerprint }) => fingerprint));
    const inputOf = async ({ fingerprint }: PlanItem): Promise<EmbeddingInput> => {
      const change = changeOf.get(fingerprint);
      if (change === undefined) throw new TypeError(`No text for fingerprint ${fingerprint}.`);
      const input = embeddingInput(await spool.read(change.text));
      if (contexts === undefined) return input;
      const sentence = contexts.get(fingerprint);
      if (sentence === undefined) throw new TypeError(`No context for fingerprint ${fingerprint}.`);
      return withContext(input, sentence);
    };
    return Promise.all(items.map(inputOf));
  };
}
