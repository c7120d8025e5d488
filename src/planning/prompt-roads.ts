import type { PlanItem } from "../types.ts";
import { chooseRoads } from "./choose-roads.ts";
import type { BatchingOptions, Occasion, Roads } from "./choose-roads.ts";

/** The classic threshold: one that adapts would have to know prices and times. */
const ADAPTIVE = 10;

/** How prompts go. None is more urgent than another, so there is no hybrid. */
export function choosePromptRoads(
  items: readonly PlanItem[],
  batching: BatchingOptions,
  occasion: Occasion,
): Roads {
  const { batchThreshold: given } = batching;
  const batchThreshold = given === "adaptive" ? ADAPTIVE : given;
  return chooseRoads(
    items,
    { ...batching, batchThreshold, hybridThreshold: batchThreshold },
    occasion,
  );
}
