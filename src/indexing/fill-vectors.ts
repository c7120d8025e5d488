import { embeddingInput } from "../chunking/embedding-input.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import { withContext } from "../generation/context-prompt.ts";
import { limitReached } from "../planning/budget.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import { chooseWithinBudget, heldBy } from "../planning/choose-within-budget.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Sender } from "../sending/client.ts";
import { Spending } from "../sending/spending.ts";
import type { StoreWriter } from "../store/open-store.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { toError } from "../words/errors.ts";
import type { PlanItem } from "../words/plans.ts";
import type { Embedded, EmbeddingInput } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";
import { LOST } from "./earlier-jobs.ts";
import { fill, partUnfinished, type Work } from "./fill.ts";
import type { Enriched } from "./fill-sentences.ts";
import type { Needed } from "./find-needed.ts";
import type { Run } from "./run.ts";
import { found } from "./sentence-drafts.ts";
import type { Stage } from "./stage.ts";

export const vectorsStage = (
  client: Sender<EmbeddingInput, Embedded>,
  { cacheOf }: Pick<StoreWriter, "cacheOf">,
): Stage<EmbeddingInput, Embedded, Float32Array> => ({
  phase: "embed",
  client,
  cacheOf,
  valueOf(result, { dimensions }) {
    if (result.status !== "ok") return result;
    try {
      // Even from a custom client: the cache keeps it for good.
      checkVectors([result.vector], 1, dimensions);
      return { value: result.vector };
    } catch (cause) {
      return { status: "failed", error: toError(cause) };
    }
  },
});

export interface VectorWork extends Pick<
  Work<EmbeddingInput>,
  "ledger" | "deadlineAt" | "announcements" | "observe"
> {
  readonly changed: readonly SpooledChange[];
  readonly needed: Needed;
  readonly enriched: Enriched;
  /** The client's profile with observed times. */
  readonly profile: ProviderProfile;
  /** Why nothing is sent; null: texts are. */
  readonly whyNothingIsSent: string | null;
}

/** Embeds the texts that are ready and fit the budget. `waiting`: one reason for each pending text. */
export async function fillVectors(
  run: Run,
  stage: Stage<EmbeddingInput, Embedded, Float32Array>,
  work: VectorWork,
) {
  const { batching, budget } = run.config;
  const { announcements, deadlineAt, enriched, ledger, needed, observe, profile } = work;
  const { cacheHits, inJobs } = needed;
  const { client } = stage;
  const withoutSentence = enriched.waiting.length + enriched.failed.size;
  // A site that has not changed sends nothing because of that, with a key or without.
  const isSettled = inJobs.length + withoutSentence === 0 && hasVectors(client.space);
  const whyNothingIsSent = isSettled ? null : work.whyNothingIsSent;
  const context = { profile, inJobs: inJobs.length, withoutSentence, whyNothingIsSent };
  const planned = chooseWithinBudget(enriched.items, batching, context, budget, enriched);
  const { plan, overBudget: held } = planned;
  announcements.onPlan(plan);
  const spending = new Spending({ budget, profile: client.profile, before: enriched.spent });
  const filled = await fill(run, stage, {
    plan,
    inJobs,
    cacheHits,
    inputsOf: inputsOf(run, work),
    async planLost(lost) {
      // A text waits if its sentence has been cleared from the store.
      const contexts = await enriched.contextsOf?.(lost.map(({ fingerprint }) => fingerprint));
      const sent = lost.filter(({ fingerprint }) => contexts?.has(fingerprint) ?? true);
      const byCalls = { profile: client.profile, forceIndividual: true };
      return { plan: chooseStrategy(sent, batching, byCalls), others: LOST };
    },
    spending,
    ledger,
    deadlineAt,
    announcements,
    requestsOfDay: run.store.meta.requestsOfDay(client.space),
    observe,
  });
  const { failed, ...pending } = partUnfinished(filled.unfinished, run.failsWaiting);
  const textsHeld = held?.textsLeft ?? 0;
  const overBudget = heldBy(held ?? spending.reached, textsHeld + pending.overBudget.length);
  if (overBudget !== null) client.events?.emit({ type: "budget", ...overBudget });
  const notPlanned = held === null ? [] : Array<string>(textsHeld).fill(limitReached(held));
  const waiting = [...pending.waiting, ...pending.overBudget, ...notPlanned];
  return { plan, overBudget, usage: { ...filled.usage, cacheHits }, failed, waiting };
}

/** Reads texts with their sentences of context. */
function inputsOf(
  { spool }: Run,
  { changed, enriched }: VectorWork,
): Work<EmbeddingInput>["inputsOf"] {
  const changeOf = new Map(changed.map((change) => [change.fingerprint, change]));
  return async (items) => {
    const contexts = await enriched.contextsOf?.(items.map(({ fingerprint }) => fingerprint));
    const inputOf = ({ fingerprint }: PlanItem): EmbeddingInput => {
      const input = embeddingInput(spool.read(found(changeOf, fingerprint).text));
      return contexts === undefined ? input : withContext(input, found(contexts, fingerprint));
    };
    return items.map(inputOf);
  };
}
