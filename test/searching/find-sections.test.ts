import { expect, test } from "vitest";
import { RankedSections } from "../../src/ranking/ranked-sections.ts";
import { findSections } from "../../src/searching/find-sections.ts";

test("a section that vectors find has its place among all that words find, though few are listed", async () => {
  const ranked = new RankedSections([0, 1, 2], Float64Array.of(3, 2, 1));
  const row = { id: "a", page: "a.md", position: 0 };
  const index = { nearest: async () => [{ row, score: 0.9 }], published: { pages: 3 } };
  const reader = {
    rank: async () => ranked,
    rankPages: async () => [],
    sectionsOf: async () => [2],
  };
  const chunkSections = async () => () => [{ section: 2, hasText: true }];
  const found = await findSections(
    index,
    { reader, chunkSections },
    {
      query: "roses",
      vector: new Float32Array(4),
      isHybrid: true,
      limit: 1,
      groupByPage: false,
      minScore: 0,
      filter: {},
      weights: { text: 1, vector: 1 },
      signal: undefined,
    },
  );
  const [best] = found.sections(1);
  expect(best?.section).toBe(2);
  expect(found.scoresOf([2])(2)).toEqual({
    vector: { rank: 1, score: 0.9 },
    text: { rank: 3, score: 1 },
  });
  // By reciprocal rank: third by words, first by vectors.
  expect(best?.score).toBeCloseTo(1 / 13 + 1 / 11, 12);
});
