import { THRESHOLD_BOUNDS } from "./adaptive-threshold.ts";
import type { BatchingOptions } from "./choose-roads.ts";

/**
 * How prompts go. None is more urgent than another, so there is no hybrid; and the time that jobs of
 * prompts take is not observed, so nothing adapts.
 */
export function batchingOfPrompts(batching: BatchingOptions): BatchingOptions {
  const { batchThreshold: given } = batching;
  const batchThreshold = given === "adaptive" ? THRESHOLD_BOUNDS.least : given;
  return { ...batching, batchThreshold, hybridThreshold: batchThreshold };
}
