import { WEIGHTS, type RankingWeights } from "../../src/ranking/weights.ts";
import type { DocsSet } from "./docs-sets.ts";
import { mrrOf, type Ranks } from "./measures.ts";

/** Settings to choose from: one step from the defaults each. */
export const CANDIDATES: readonly RankingWeights[] = [
  WEIGHTS,
  ...[0.2, 0.25, 0.4].map((page) => ({ ...WEIGHTS, page })),
  ...[0.7, 0.8].map((form) => ({ ...WEIGHTS, form })),
  ...[0.6, 0.8].map((edit) => ({ ...WEIGHTS, edit })),
  ...[0.3, 0.7].map((beginning) => ({ ...WEIGHTS, beginning })),
  ...[0, 0.3].map((nearness) => ({ ...WEIGHTS, nearness })),
  ...[4, 6].map((heading) => ({ ...WEIGHTS, fields: { ...WEIGHTS.fields, heading } })),
  ...[2, 5].map((title) => ({ ...WEIGHTS, fields: { ...WEIGHTS.fields, title } })),
  ...[0.3, 0.8].map((code) => ({ ...WEIGHTS, fields: { ...WEIGHTS.fields, code } })),
];

/**
 * The ranks of each set's questions with the settings that are best on the other sets: what to expect of
 * a site that nobody tuned for. `ranksBy` holds one entry for each set of each candidate.
 */
export const leftOut = (sets: readonly DocsSet[], ranksBy: readonly (readonly Ranks[])[]): Ranks =>
  sets.flatMap((_, left) => {
    const others = ranksBy.map((ranks) => mrrOf(ranks.filter((__, at) => at !== left).flat()));
    return ranksBy[others.indexOf(Math.max(...others))]?.[left] ?? [];
  });
