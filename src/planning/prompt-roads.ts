import type { PlanItem } from "../words/types.ts";
import { THRESHOLD_BOUNDS } from "./adaptive-threshold.ts";
import { chooseRoads } from "./choose-roads.ts";
import type { BatchingOptions, Occasion, Roads } from "./choose-roads.ts";

/**
 * How prompts go. None is more urgent than another, so there is no hybrid; and what jobs of them take
 * in time is not observed, so nothing adapts.
 */
export function choosePromptRoads(
  items: readonly PlanItem[],
  batching: BatchingOptions,
  occasion: Occasion,
): Roads {
  const { batchThreshold: given } = batching;
  const batchThreshold = given === "adaptive" ? THRESHOLD_BOUNDS.least : given;
  return chooseRoads(
    items,
    { ...batching, batchThreshold, hybridThreshold: batchThreshold },
    occasion,
  );
}
