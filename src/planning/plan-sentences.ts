import type { PlanItem, SentencePlan } from "../types.ts";
import { count, dollars } from "./amounts.ts";
import type { BatchingOptions, Roads } from "./choose-roads.ts";
import { countTexts } from "./estimate.ts";
import { costOfWriting } from "./generation-cost.ts";
import type { GenerationPrices } from "./generation-cost.ts";
import { choosePromptRoads } from "./prompt-roads.ts";
import type { ProviderProfile } from "./provider-profile.ts";

/** Below this many sentences nobody waits for a job. */
const QUICK = 5;

/** Who writes the sentences, and how long they are. */
export interface WritingOptions {
  readonly profile: ProviderProfile;
  readonly prices: GenerationPrices;
  /** Most tokens of a sentence that count. */
  readonly outputTokens: number;
}

/** Decides how sentences of context are written, and says at what cost, at most. */
export function planSentences(
  prompts: readonly PlanItem[],
  batching: BatchingOptions,
  { profile, prices, outputTokens }: WritingOptions,
): { readonly roads: Roads; readonly plan: SentencePlan } {
  const purpose = prompts.length < QUICK ? "quick_enrichment" : "index";
  const roads = choosePromptRoads(prompts, batching, { profile, purpose });
  const { resolved, calls, jobs } = roads;
  const tokensOf = (packs: Roads["calls"]) => ({
    input: packs.flat().reduce((sum, { tokens }) => sum + tokens, 0),
    output: countTexts(packs) * outputTokens,
  });
  const [now, later] = [tokensOf(calls), tokensOf(jobs)];
  const costNow = costOfWriting(now, prices, "individual");
  const costLater = costOfWriting(later, prices, "batch");
  const plan = {
    resolved,
    sentences: prompts.length,
    calls: calls.length,
    jobs: jobs.length,
    inputTokens: now.input + later.input,
    outputTokens: now.output + later.output,
    costUsd: costNow === null || costLater === null ? null : costNow + costLater,
  };
  return { roads, plan: { ...plan, reason: reasonOf(plan, roads.because) } };
}

function reasonOf(plan: Omit<SentencePlan, "reason">, because: string): string {
  const { sentences, resolved, calls, jobs, inputTokens, outputTokens, costUsd } = plan;
  const ways = [
    ...(calls === 0 ? [] : [count(calls, "call")]),
    ...(jobs === 0 ? [] : [count(jobs, "batch job")]),
  ].join(" and ");
  const price = costUsd === null ? "price unknown" : `at most ${dollars(costUsd)}`;
  const tokens = `up to ${count(inputTokens, "token")} to read and ${outputTokens.toLocaleString("en")} to write`;
  return `${count(sentences, "sentence")} of context → ${resolved}: ${ways}; ${tokens}, ${price} (${because})`;
}
