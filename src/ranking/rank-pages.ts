import type { PageTable, RankedPage, RankedSection } from "./term-source.ts";
import { PAGE_SECTIONS, WEIGHTS, type RankingWeights } from "./weights.ts";

/**
 * Ranked sections by page, best page first: a page has the score of its best section and a share of the
 * next ones, the kth of which counts 1 / k. Equals keep the order of their best sections.
 */
export function rankPages(
  ranked: readonly RankedSection[],
  pageOf: PageTable["pageOf"],
  weights: RankingWeights = WEIGHTS,
): RankedPage[] {
  const pages = new Map<number, RankedSection[]>();
  for (const section of ranked) {
    const page = pageOf(section.section);
    const sections = pages.get(page);
    if (sections === undefined) pages.set(page, [section]);
    else sections.push(section);
  }
  return [...pages]
    .map(([page, sections]) => ({ page, sections, score: scoreOf(sections, weights.page) }))
    .sort((one, other) => other.score - one.score);
}

function scoreOf(sections: readonly RankedSection[], share: number): number {
  let further = 0;
  for (let k = 1; k <= PAGE_SECTIONS; k += 1) further += (sections[k]?.score ?? 0) / k;
  return (sections[0]?.score ?? 0) + share * further;
}
