import type { RankedSections } from "./ranked-sections.ts";
import type { PageTable, RankedPage, RankedSection } from "./term-source.ts";
import { PAGE_SECTIONS, WEIGHTS, type RankingWeights } from "./weights.ts";

/**
 * Ranked sections by page, best page first: a page has the score of its best section and a share of the
 * next ones, the kth of which counts 1 / k. Equals are in the order of their best sections.
 */
export function rankPages(
  ranked: RankedSections,
  pageOf: PageTable["pageOf"],
  weights: RankingWeights = WEIGHTS,
): RankedPage[] {
  return [...Map.groupBy(ranked.numbers, pageOf)]
    .map(([page, numbers]) => {
      const inOrder = numbers.sort(ranked.compare);
      const sections = inOrder.map((section) => ({ section, score: ranked.scoreOf(section) }));
      return { page, sections, score: scoreOf(sections, weights.page) };
    })
    .sort(
      ({ score, sections: [first] }, { score: other, sections: [otherFirst] }) =>
        other - score || ranked.compare(first?.section ?? 0, otherFirst?.section ?? 0),
    );
}

function scoreOf(sections: readonly RankedSection[], share: number): number {
  let further = 0;
  for (let k = 1; k <= PAGE_SECTIONS; k += 1) further += (sections[k]?.score ?? 0) / k;
  return (sections[0]?.score ?? 0) + share * further;
}
