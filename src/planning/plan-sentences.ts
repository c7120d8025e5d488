import type { PlanItem, SentencePlan } from "../types.ts";
import { count, dollars } from "./amounts.ts";
import type { ReachedLimit } from "./budget.ts";
import type { BatchingOptions, Roads } from "./choose-roads.ts";
import { countTexts } from "./estimate.ts";
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
}

/** Which sentences of context are written, and how. */
export interface SentenceDecision {
  readonly sent: readonly Draft[];
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
  const { roads, fits, reached } = fitted(drafts, options);
  const sent = drafts.slice(0, fits);
  const plan = fits === 0 ? null : planOf(roads, options);
  return { sent, held: drafts.slice(fits), reached, roads, plan };
}

/** Fewer may go another way, at another price: what is left is decided anew until it fits. */
function fitted(
  drafts: readonly Draft[],
  options: SentenceOptions,
): { readonly roads: Roads; readonly fits: number; readonly reached: ReachedLimit | null } {
  const purpose = drafts.length < QUICK ? "quick_enrichment" : "index";
  const prompts = drafts.map(({ prompt }) => prompt);
  const roads = choosePromptRoads(prompts, options.batching, { profile: options.writer, purpose });
  const inJobs = new Set<PlanItem>(roads.jobs.flat());
  const roadOf = ({ prompt }: Draft) => (inJobs.has(prompt) ? "batch" : "individual");
  const { fits, reached } = draftsWithin(drafts, roadOf, options);
  if (reached === null) return { roads, fits, reached };
  const fewer = fitted(drafts.slice(0, fits), options);
  return { ...fewer, reached: fewer.reached ?? reached };
}

function planOf(roads: Roads, { outputTokens, prices }: SentenceCosts): SentencePlan {
  const { because, calls, jobs, resolved } = roads;
  const tokensOf = (packs: Roads["calls"]) => ({
    input: packs.flat().reduce((sum, { tokens }) => sum + tokens, 0),
    output: countTexts(packs) * outputTokens,
  });
  const [now, later] = [tokensOf(calls), tokensOf(jobs)];
  const costNow = costOfWriting(now, prices, "individual");
  const costLater = costOfWriting(later, prices, "batch");
  const plan = {
    resolved,
    sentences: countTexts(calls) + countTexts(jobs),
    calls: calls.length,
    jobs: jobs.length,
    inputTokens: now.input + later.input,
    outputTokens: now.output + later.output,
    costUsd: costNow === null || costLater === null ? null : costNow + costLater,
  };
  return { ...plan, reason: reasonOf(plan, because) };
}

function reasonOf(plan: Omit<SentencePlan, "reason">, because: string): string {
  const { sentences, resolved, calls, jobs, inputTokens, outputTokens, costUsd } = plan;
  const ways = [
    ...(calls === 0 ? [] : [count(calls, "call")]),
    ...(jobs === 0 ? [] : [count(jobs, "batch job")]),
  ].join(" and ");
  const price = costUsd === null ? "price unknown" : dollars(costUsd);
  const tokens = `about ${count(inputTokens, "token")} to read and ${outputTokens.toLocaleString("en")} to write`;
  return `${count(sentences, "sentence")} of context → ${resolved}: ${ways}; ${tokens}, ${price} (${because})`;
}
