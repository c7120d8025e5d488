import { count, countIfAny, dollars, duration, grouped } from "../words/amounts.ts";
import type { Plan, PlanItem, Road } from "../words/plans.ts";
import {
  chooseRoads,
  otherRoads,
  type BatchingOptions,
  type Contents,
  type PlanContext,
} from "./choose-roads.ts";
import { estimate, loadOf, secondsForCalls, secondsForJobs, type Sending } from "./estimate.ts";

/** Chooses roads (see `chooseRoads`, which may throw USAGE) and estimates their time and cost. */
export function chooseStrategy(
  items: readonly PlanItem[],
  batching: BatchingOptions,
  context: PlanContext,
): Plan {
  const { profile, outputTokens } = context;
  const maxParallelIndividual =
    profile.isOnThisMachine === true ? 1 : batching.maxParallelIndividual;
  const { because, calls, jobs, strategy, resolved } = chooseRoads(items, batching, context);
  const estimated = (some: Sending) => estimate(some, profile, maxParallelIndividual, outputTokens);
  const { individual, hybrid, batch } = otherRoads(items, batching, profile);
  const figures = {
    estimate: estimated({ calls, jobs }),
    alternatives: {
      individual: individual && estimated(individual),
      hybrid: hybrid && estimated(hybrid),
      batch: batch && estimated(batch),
    },
  };
  const held = items.length === 0 ? (context.whyNothingIsSent ?? heldBack(context)) : "";
  const reason =
    held === ""
      ? reasonOf({ resolved, ...figures, calls, jobs }, because, context, maxParallelIndividual)
      : `nothing to send: ${held}`;
  return { strategy, resolved, reason, ...figures, calls, jobs };
}

/** Names the texts that cannot be embedded now. */
const heldBack = ({ inJobs = 0, withoutSentence = 0 }: PlanContext): string =>
  [
    ...countIfAny(inJobs, "text").map((texts) => `${texts} in batch jobs from earlier runs`),
    ...countIfAny(withoutSentence, "text").map(
      (texts) => `${texts} waiting for a sentence of context`,
    ),
  ].join(", ");

/** One sentence: the decision, its reason, and what calls or jobs alone would take. */
function reasonOf(
  { resolved, estimate: figures, alternatives, calls, jobs }: Omit<Plan, "strategy" | "reason">,
  because: string,
  { contents = "text", outputTokens = 0, profile }: PlanContext,
  maxParallel: number,
): string {
  if (resolved === "none") return NOTHING[contents];
  const { individual, batch } = profile;
  const now = loadOf(calls, individual);
  const later = loadOf(jobs, batch);
  const { requestsPerDay } = individual;
  const isOverQuota = now.texts > requestsPerDay;
  const quota = isOverQuota ? ` (the quota is ${count(requestsPerDay, "request")} a day)` : "";
  const inCalls = `${count(now.packs, "call")}, ${duration(secondsForCalls(now, individual, maxParallel))}${quota}`;
  const inJobs = `${count(later.packs, "batch job")}, ${duration(secondsForJobs(later, batch))}`;
  const sending: Record<Road, string> = {
    individual: inCalls,
    hybrid: `${now.texts} now in ${inCalls}; ${later.texts} as ${inJobs}`,
    batch: inJobs,
  };
  const others = (["individual", "batch"] as const).flatMap((road) => {
    const other = alternatives[road];
    if (road === resolved || other === null) return [];
    const cost = other.costUsd === null ? "" : ` and cost ${dollars(other.costUsd)}`;
    return `${road} would take ${duration(other.seconds)}${cost}`;
  });
  const written =
    outputTokens === 0
      ? ""
      : `about ${count(figures.tokens, "token")} to read and ${grouped(figures.texts * outputTokens)} to write, `;
  const what = `${count(figures.texts, contents)}${contents === "sentence" ? " of context" : ""}`;
  const head = `${what} → ${resolved}: ${sending[resolved]}; ${written}${dollars(figures.costUsd)}`;
  return [`${head} (${because})`, ...others].join("; ");
}

const NOTHING: Readonly<Record<Contents, string>> = {
  text: "nothing to embed; the store has every vector",
  prompt: "nothing to write",
  sentence: "nothing to write; the store has every sentence of context",
};
