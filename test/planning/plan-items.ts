import type { BatchingOptions } from "../../src/planning/choose-roads.ts";
import type { PlanItem } from "../../src/words/plans.ts";

/** The defaults of the configuration, written out. */
export const BATCHING: BatchingOptions = {
  strategy: "auto",
  hybridThreshold: 4,
  batchThreshold: 10,
  valueOfMinuteUsd: 0.006,
  urgentCount: 3,
  maxParallelIndividual: 5,
  textsPerCall: 100,
  preferIndividualFor: ["rag_query", "quick_enrichment"],
};

/** Items with fingerprints 0, 1, 2 … */
export const itemsOf = (count: number, tokens = 400, bytes = tokens * 4): PlanItem[] =>
  Array.from({ length: count }, (_, at) => ({
    fingerprint: String(at),
    tokens,
    bytes,
    page: `page-${Math.floor(at / 10)}.md`,
  }));
