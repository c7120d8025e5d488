import type { Estimate, Plan, PlanItem } from "../words/types.ts";
import { count } from "../words/amounts.ts";
import { chooseRoads, otherRoads } from "./choose-roads.ts";
import type { BatchingOptions, Occasion } from "./choose-roads.ts";
import { estimate } from "./estimate.ts";
import type { Sending } from "./estimate.ts";
import { reasonOf } from "./plan-reason.ts";

/**
 * Decides how a set of texts is embedded, as `chooseRoads` does, and says at what time and cost. Throws
 * USAGE when both forces are set.
 */
export function chooseStrategy(
  items: readonly PlanItem[],
  batching: BatchingOptions,
  occasion: Occasion,
): Plan {
  const { profile } = occasion;
  const { maxParallelIndividual } = batching;
  const { because, calls, jobs, strategy, resolved } = chooseRoads(items, batching, occasion);
  const estimated = (some: Sending): Estimate => estimate(some, profile, maxParallelIndividual);
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
  const held = heldBack(occasion);
  const reason =
    items.length === 0 && held !== ""
      ? `nothing to send: ${held}`
      : reasonOf(plan, because, profile, maxParallelIndividual);
  return { ...decided, reason, ...figures, calls, jobs };
}

/** What is to be embedded, and not now. */
const heldBack = ({ inJobs = 0, withoutSentence = 0 }: Occasion): string =>
  [
    ...(inJobs === 0 ? [] : [`${count(inJobs, "text")} in batch jobs of earlier runs`]),
    ...(withoutSentence === 0
      ? []
      : [`${count(withoutSentence, "text")} waiting for a sentence of context`]),
  ].join(", ");
