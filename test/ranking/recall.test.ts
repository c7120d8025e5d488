import { expect, test } from "vitest";
import { qualityAt, recallAt, reciprocalRank } from "../../src/ranking/recall.ts";

test.each([
  { expected: ["a"], found: ["a", "b"], k: 1, recall: 1, rank: 1 },
  { expected: ["b"], found: ["a", "b"], k: 1, recall: 0, rank: 0 },
  { expected: ["b"], found: ["a", "b"], k: 2, recall: 1, rank: 0.5 },
  { expected: ["a", "c"], found: ["b", "c"], k: 2, recall: 0.5, rank: 0.5 },
  { expected: ["a"], found: [], k: 5, recall: 0, rank: 0 },
])(
  "measures how well the first $k of $found cover $expected",
  ({ expected, found, k, recall, rank }) => {
    expect(recallAt(k, { expected, found })).toBe(recall);
    expect(reciprocalRank(k, { expected, found })).toBe(rank);
  },
);

test("a set of questions has the mean of each measure, and an empty set has 0", () => {
  const questions = [
    { expected: ["a"], found: ["a"] },
    { expected: ["b"], found: ["c", "b"] },
  ];
  expect(qualityAt(1, questions)).toEqual({ recall: 0.5, mrr: 0.5 });
  expect(qualityAt(2, questions)).toEqual({ recall: 1, mrr: 0.75 });
  expect(qualityAt(5, [])).toEqual({ recall: 0, mrr: 0 });
});
