import fc from "fast-check";
import { expect, it } from "vitest";
import { rankPages } from "../../src/ranking/rank-pages.ts";
import { RankedSections } from "../../src/ranking/ranked-sections.ts";
import { WEIGHTS } from "../../src/ranking/weights.ts";
import { placesOf } from "../../src/searching/word-places.ts";

/** Few different scores, so that many are equal; 0: not found. */
const scores = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 200 });

const rankedBy = (list: readonly number[]): RankedSections => {
  const numbers = list.flatMap((score, section) => (score > 0 ? [section] : []));
  return new RankedSections(numbers, Float64Array.from(list));
};

const sorted = (list: readonly number[]): { section: number; score: number }[] =>
  list
    .map((score, section) => ({ section, score }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.section - other.section);

it("gives the first sections as if all were sorted: best first, equals by number", () => {
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 30 }), (list, most) => {
      const ranked = rankedBy(list);
      expect(ranked.best(most)).toEqual(sorted(list).slice(0, most));
      expect(ranked.best()).toEqual(sorted(list));
    }),
  );
});

it("knows the places of some sections as if all were sorted", () => {
  fc.assert(
    fc.property(scores, fc.uniqueArray(fc.nat(199)), (list, wanted) => {
      const all = sorted(list).map(({ section, score }, at) => [section, { rank: at + 1, score }]);
      const asked = all.filter(([section]) => wanted.includes(Number(section)));
      expect([...placesOf(rankedBy(list), wanted)]).toEqual(asked);
    }),
  );
});

it("sorts pages with equal scores by their best sections", () => {
  const share = { ...WEIGHTS, page: 1 };
  // Page 0 has 3 and 1, page 1 has 4: the score of each is 4.
  const ranked = rankedBy([3, 1, 4]);
  const pages = rankPages(ranked, (section) => (section === 2 ? 1 : 0), share);
  expect(pages.map(({ page, score }) => [page, score])).toEqual([
    [1, 4],
    [0, 4],
  ]);
});
