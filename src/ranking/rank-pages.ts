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
  const pages = Array.from(Map.groupBy(ranked.numbers, pageOf), ([page, numbers]) => {
    const sections = ranked.withScores(numbers.sort(ranked.compare));
    return { page, sections, score: scoreOf(sections, weights.page) };
  });
  return pages.sort(
    (one, other) => other.score - one.score || ranked.compare(bestOf(one), bestOf(other)),
  );
}

const bestOf = ({ sections }: RankedPage): number => sections[0]?.section ?? 0;

function scoreOf(sections: readonly RankedSection[], share: number): number {
  const last = Math.min(PAGE_SECTIONS, sections.length - 1);
  let further = 0;
  for (let k = 1; k <= last; k += 1) further += (sections[k]?.score ?? 0) / k;
  return (sections[0]?.score ?? 0) + share * further;
}
