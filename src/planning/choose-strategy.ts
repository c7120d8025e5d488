import type { Estimate, Plan, PlanItem } from "../words/types.ts";
import { count } from "../words/amounts.ts";
import { chooseRoads, otherRoads, type BatchingOptions, type PlanContext } from "./choose-roads.ts";
import { estimate, type Sending } from "./estimate.ts";
import { reasonOf } from "./plan-reason.ts";

/**
 * Decides how a set of texts is sent, as `chooseRoads` does, and says at what time and cost. Throws
 * USAGE when both forces are set.
 */
export function chooseStrategy(
  items: readonly PlanItem[],
  batching: BatchingOptions,
  context: PlanContext,
): Plan {
  const { profile, outputTokens } = context;
  const { maxParallelIndividual } = batching;
  const { because, calls, jobs, strategy, resolved } = chooseRoads(items, batching, context);
  const estimated = (some: Sending): Estimate =>
    estimate(some, profile, maxParallelIndividual, outputTokens);
  const others = otherRoads(items, batching, profile);
  const decided = { strategy, resolved };
  const figures = {
    estimate: estimated({ calls, jobs }),
    alternatives: {
      individual: others.individual && estimated(others.individual),
      hybrid: others.hybrid && estimated(others.hybrid),
      batch: others.batch && estimated(others.batch),
    },
  };
  const plan = { ...decided, ...figures, calls, jobs };
  const held = heldBack(context);
  const reason =
    items.length === 0 && held !== ""
      ? `nothing to send: ${held}`
      : reasonOf(plan, because, context, maxParallelIndividual);
  return { ...decided, reason, ...figures, calls, jobs };
}

/** What is to be embedded, and not now. */
const heldBack = ({ inJobs = 0, withoutSentence = 0 }: PlanContext): string =>
  [
    ...(inJobs === 0 ? [] : [`${count(inJobs, "text")} in batch jobs of earlier runs`]),
    ...(withoutSentence === 0
      ? []
      : [`${count(withoutSentence, "text")} waiting for a sentence of context`]),
  ].join(", ");
