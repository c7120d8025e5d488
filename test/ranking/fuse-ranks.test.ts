import { expect, test } from "vitest";
import { fuseRanks } from "../../src/ranking/fuse-ranks.ts";

const orderOf = (...rankings: string[][]): string[] => fuseRanks(rankings).map(([id]) => id);

test("one ranking keeps its order, with the scores of the paper", () => {
  expect(fuseRanks([["b", "a"]])).toEqual([
    ["b", 1 / 61],
    ["a", 1 / 62],
  ]);
});

test("the scores of an id in two rankings add up", () => {
  expect(fuseRanks([["a"], ["b", "a"]])).toEqual([
    ["a", 1 / 61 + 1 / 62],
    ["b", 1 / 61],
  ]);
});

test.for([
  { what: "no rankings give no order", rankings: [], order: [] },
  { what: "empty rankings give no order", rankings: [[], []], order: [] },
  {
    what: "second place in both beats first place in one",
    rankings: [
      ["a", "c"],
      ["b", "c"],
    ],
    order: ["c", "a", "b"],
  },
  {
    what: "equal scores are ordered by id",
    rankings: [["b"], ["a"], ["c"]],
    order: ["a", "b", "c"],
  },
  {
    what: "ids that both rankings place high come first",
    rankings: [
      ["a", "b", "c"],
      ["a", "c", "b"],
    ],
    order: ["a", "b", "c"],
  },
])("$what", ({ rankings, order }) => {
  expect(orderOf(...rankings)).toEqual(order);
});

test("the order of the rankings does not matter", () => {
  const [one, other] = [
    ["d", "a", "c"],
    ["b", "c", "e", "d"],
  ];
  expect(orderOf(one, other)).toEqual(orderOf(other, one));
});
