import { expect, test } from "vitest";
import { isNameTerm } from "../../src/ranking/name-term.ts";
import { indexSections, readable, SectionTally } from "../../src/ranking/section-index.ts";
import { codeOf, SATURATION } from "../../src/ranking/strength.ts";
import { section } from "./ranked-site.ts";

const postingsOf = (term: string, ...given: Parameters<typeof indexSections>) => {
  const found = indexSections(...given).postings.get(term);
  return found === undefined
    ? null
    : {
        sections: [...found.sections],
        positions: [...found.positions],
        ends: [...found.positionEnds],
      };
};

test("positions tell heading, title and text apart, four at most for each section", () => {
  const sections = [
    section("Cache page", "The cache", "cache cache cache"),
    section("x", null, "no"),
    section("y", "z", "a cache"),
  ];
  expect(postingsOf("cache", sections)).toEqual({
    sections: [0, 2],
    positions: [1, 16, 32, 33, 33],
    ends: [4, 5],
  });
});

test("words of a very long heading are known, but not their places beyond the sixteenth", () => {
  const heading = Array.from({ length: 20 }, (_, at) => `word${at}`).join(" ");
  expect(postingsOf("word15", [section("t", heading, "")])?.positions).toEqual([15]);
  expect(postingsOf("word16", [section("t", heading, "")])).toEqual({
    sections: [0],
    positions: [],
    ends: [0],
  });
});

test("a name without its hyphen is known once two sections have it", () => {
  const one = [section("a", null, "pre-bundling")];
  expect(postingsOf("prebundling", one)).toBe(null);
  expect(postingsOf("prebundling", [...one, section("b", null, "pre-bundling")])?.sections).toEqual(
    [0, 1],
  );
  expect(postingsOf("prebundling", [section("b", null, "prebundling")])?.sections).toEqual([0]);
});

test("a name without its hyphen is known once two lists have it, in one section each", () => {
  const tally = new SectionTally();
  const lists = ["a", "b"].map((title) => {
    tally.add(section(title, null, "pre-bundling"));
    return new Map(tally.take()).get("prebundling");
  });
  const [one, other] = lists.flatMap((uses) => (uses === undefined ? [] : [readable(uses)]));
  const sections: number[] = [];
  if (one === undefined || other === undefined) throw new Error("Both lists have the name.");
  const { eachUseOf } = tally.finish();
  expect(eachUseOf([one])).toBe(null);
  eachUseOf([one, other])?.((number) => sections.push(number));
  expect(sections).toEqual([0, 1]);
});

test("terms are in the order of their UTF-16 units, and spellings are the words of letters among them", () => {
  const { postings, spellings } = indexSections([
    section("b1", "Zeta", "alpha v-model beta42 서버 été"),
  ]);
  expect([...postings.keys()]).toEqual([...postings.keys()].sort());
  expect(spellings).toEqual([
    { term: "alpha", sections: 1 },
    { term: "model", sections: 1 },
    { term: "zeta", sections: 1 },
  ]);
});

test("a section is known by its whole heading, or the page's beginning by its title, if they are short", () => {
  const { postings } = indexSections([
    section("Title", null, ""),
    section("Title", "Where files live", ""),
    section("Title", "One heading of more words than anybody asks for in search boxes", ""),
  ]);
  const names = [...postings].filter(([term]) => isNameTerm(term));
  expect(names.map(([term, { sections }]) => [term, ...sections])).toEqual([
    ["files live ", 1],
    ["files live where ", 1],
    ["title ", 0],
    ["title  ", 0],
  ]);
});

test("fenced code counts less than prose, and comes after it", () => {
  const { postings } = indexSections([
    section("t", null, "```js\nrun cache\n```\n\nprose words\n"),
    section("u", null, "cache"),
  ]);
  const found = postings.get("cache");
  expect([...(found?.positions ?? [])]).toEqual([43, 32]);
  expect(found?.codes[0]).toBeLessThan(found?.codes[1] ?? 0);
});

test("averages are steps of 1.25, so that a small edit of one page changes no other", () => {
  const words = (count: number) => "word ".repeat(count);
  const averageOf = (count: number) =>
    indexSections([section("t", null, words(count))]).averages.prose;
  expect(averageOf(100)).toBe(averageOf(103));
  expect(Math.log(averageOf(100)) / Math.log(1.25)).toBeCloseTo(21, 10);
});

test("no sections make an empty index", () => {
  const { averages, postings, sectionCount, spellings } = indexSections([]);
  expect({ averages, sectionCount }).toEqual({
    averages: { title: 1, heading: 1, trail: 1, prose: 1, code: 1 },
    sectionCount: 0,
  });
  expect([...postings, ...spellings]).toEqual([]);
});

test.each([
  [0.01, 0],
  [1 / 16, 0],
  [0.5, 6],
  [1, 8],
  [5, 13],
  [11.3, 15],
  [1000, 15],
])("a weighted frequency of %f has the code %d", (frequency, code) => {
  expect(codeOf(frequency)).toBe(code);
});

test("what a code adds grows with it, and stays below 2.2", () => {
  const steps = [...SATURATION];
  expect(steps).toEqual(steps.toSorted((one, other) => one - other));
  expect(steps[8]).toBe(1);
  expect(steps.at(-1)).toBeLessThan(2.2);
});
