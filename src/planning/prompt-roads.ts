import { THRESHOLD_BOUNDS } from "./adaptive-threshold.ts";
import type { BatchingOptions } from "./choose-roads.ts";

/**
 * Options for prompts: no hybrid, because all are equally urgent; no adaptive threshold, because runs
 * do not observe how long prompt jobs take.
 */
export function batchingOfPrompts(batching: BatchingOptions): BatchingOptions {
  const { batchThreshold: given } = batching;
  const batchThreshold = given === "adaptive" ? THRESHOLD_BOUNDS.least : given;
  return { ...batching, batchThreshold, hybridThreshold: batchThreshold };
}
