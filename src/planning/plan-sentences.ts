import type { PlanItem, SentenceEstimate, SentencePlan } from "../words/types.ts";
import { count, dollars, duration } from "../words/amounts.ts";
import type { PaidRoad, ReachedLimit } from "./budget.ts";
import { otherRoads } from "./choose-roads.ts";
import type { BatchingOptions, Roads } from "./choose-roads.ts";
import { countTexts, rounded, secondsOfCalls, secondsOfJobs } from "./estimate.ts";
import type { Sending } from "./estimate.ts";
import { costOfWriting } from "./generation-cost.ts";
import { choosePromptRoads } from "./prompt-roads.ts";
import type { ProviderProfile } from "./provider-profile.ts";
import { draftsWithin } from "./sentence-budget.ts";
import type { Draft, DraftLimits, SentenceCosts } from "./sentence-budget.ts";

/** Below this many sentences nobody waits for a job. */
const QUICK = 5;

export interface SentenceOptions extends DraftLimits {
  readonly batching: BatchingOptions;
  /** Of whoever writes the sentences. */
  readonly writer: ProviderProfile;
  readonly forceIndividual?: boolean | undefined;
}

/** Which sentences of context are written, and how. */
export interface SentenceDecision {
  readonly sent: readonly Draft[];
  /** The one of them whose text has to wait for the next run's budget; null: there is none. */
  readonly alone: Draft | null;
  /** Those for which the budget has no room. */
  readonly held: readonly Draft[];
  /** The limit that holds them; null where none is held. */
  readonly reached: ReachedLimit | null;
  readonly roads: Roads;
  /** Null: none is sent. */
  readonly plan: SentencePlan | null;
}

/** Decides how sentences of context are written that are not there yet, and says at what cost, about. */
export function planSentences(
  drafts: readonly Draft[],
  options: SentenceOptions,
): SentenceDecision {
  const { roads, sent, alone, reached } = fitted(drafts, options);
  const isSent = new Set(sent);
  const held = drafts.filter((draft) => !isSent.has(draft));
  const plan = sent.length === 0 ? null : planOf(roads, options);
  return { sent, alone, held, reached, roads, plan };
}

/** Fewer may go another way, at another price: what is left is decided anew until it fits. */
function fitted(
  drafts: readonly Draft[],
  options: SentenceOptions,
): Omit<SentenceDecision, "held" | "plan"> {
  const { batching, forceIndividual, writer: profile } = options;
  const purpose = drafts.length < QUICK ? "quick_enrichment" : "index";
  const prompts = drafts.map(({ prompt }) => prompt);
  const roads = choosePromptRoads(prompts, batching, { profile, purpose, forceIndividual });
  const inJobs = new Set<PlanItem>(roads.jobs.flat());
  const roadOf = ({ prompt }: Draft) => (inJobs.has(prompt) ? "batch" : "individual");
  const { alone, fitting, reached } = draftsWithin(drafts, roadOf, options);
  if (fitting.length === drafts.length) return { roads, sent: drafts, alone, reached };
  const fewer = fitted(fitting, options);
  return { ...fewer, reached: fewer.reached ?? reached };
}

function planOf(roads: Roads, options: SentenceOptions): SentencePlan {
  const { because, calls, jobs, resolved } = roads;
  const { batching, outputTokens, writer } = options;
  const prompts = [...calls, ...jobs].flat();
  const estimated = (some: Sending): SentenceEstimate => ({
    costUsd: costOf(some, options),
    seconds:
      secondsOfCalls(some.calls, writer, batching.maxParallelIndividual) +
      secondsOfJobs(some.jobs, writer),
  });
  const { individual, batch } = otherRoads(prompts, batching, writer);
  const plan = {
    resolved,
    sentences: prompts.length,
    calls: calls.length,
    jobs: jobs.length,
    inputTokens: sumOfTokens(prompts),
    outputTokens: prompts.length * outputTokens,
    ...estimated(roads),
    alternatives: {
      individual: individual && estimated(individual),
      batch: batch && estimated(batch),
    },
  };
  return { ...plan, reason: reasonOf(plan, because) };
}

/** US dollars; null where the prices are not known. */
function costOf({ calls, jobs }: Sending, { outputTokens, prices }: SentenceCosts): number | null {
  const costBy = (packs: Sending["calls"], road: PaidRoad): number | null => {
    const input = sumOfTokens(packs.flat());
    return costOfWriting({ input, output: countTexts(packs) * outputTokens }, prices, road);
  };
  const [now, later] = [costBy(calls, "individual"), costBy(jobs, "batch")];
  return now === null || later === null ? null : rounded(now + later);
}

const sumOfTokens = (prompts: readonly PlanItem[]): number =>
  prompts.reduce((sum, { tokens }) => sum + tokens, 0);

function reasonOf(plan: Omit<SentencePlan, "reason">, because: string): string {
  const { sentences, resolved, calls, jobs, inputTokens, outputTokens } = plan;
  const ways = [
    ...(calls === 0 ? [] : [count(calls, "call")]),
    ...(jobs === 0 ? [] : [count(jobs, "batch job")]),
  ].join(" and ");
  const tokens = `about ${count(inputTokens, "token")} to read and ${outputTokens.toLocaleString("en")} to write`;
  const head = `${count(sentences, "sentence")} of context → ${resolved}: ${ways}, ${duration(plan.seconds)}; ${tokens}, ${price(plan)} (${because})`;
  const others = (["individual", "batch"] as const).flatMap((road) => {
    const other = plan.alternatives[road];
    if (other === null || road === resolved) return [];
    const cost = other.costUsd === null ? "" : ` and cost ${price(other)}`;
    return `${road} would take ${duration(other.seconds)}${cost}`;
  });
  return [head, ...others].join("; ");
}

const price = ({ costUsd }: SentenceEstimate): string =>
  costUsd === null ? "price unknown" : dollars(costUsd);
