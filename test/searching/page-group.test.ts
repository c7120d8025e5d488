import { expect, test } from "vitest";
import { PageGroup } from "../../src/searching/page-group.ts";

const LENGTH = 192;
const CHUNKS = 3;
const PAGES = Array.from({ length: 400 }, (_, at) => `page-${at}.md`);
const TOPICS = 40;
/** A page without vectors. */
const EMPTY = "page-3.md";

/** The same numbers between -1 and 1 in each run. */
function numbersOf(seed: number): Float32Array {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return Float32Array.from({ length: LENGTH }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return state / 2 ** 31;
  });
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((number) => number / length);
}

const topics = Array.from({ length: TOPICS }, (_, at) => numbersOf(100_000 + at));

/** Chunks of a page on two topics, each chunk with a subject of its own, too. */
function vectorsOf(page: string): Float32Array[] {
  const number = PAGES.indexOf(page);
  const [one, other] = [topics[number % TOPICS], topics[(number * 7 + 3) % TOPICS]];
  return Array.from({ length: CHUNKS }, (_, at) =>
    unit(
      numbersOf(number * CHUNKS + at).map(
        (own, next) => own + (one?.[next] ?? 0) + (other?.[next] ?? 0) * 0.6,
      ),
    ),
  );
}

/** The nearest pages, found by plain multiplication. */
function plainly(page: string, most: number): [page: string, score: number][] {
  const vectors = vectorsOf(page);
  const mean = unit(
    numbersOf(0).map((_, at) => vectors.reduce((sum, one) => sum + (one[at] ?? 0), 0)),
  );
  const cosine = (chunk: Float32Array): number =>
    chunk.reduce((sum, number, at) => sum + number * (mean[at] ?? 0), 0);
  return PAGES.filter((other) => other !== page)
    .map((other): [string, number] => [other, Math.max(...vectorsOf(other).map(cosine))])
    .sort(([, one], [, other]) => other - one)
    .slice(0, most);
}

test("the nearest pages are those of plain multiplication, in any order of questions", () => {
  const group = new PageGroup(PAGES, (page) => (page === EMPTY ? [] : vectorsOf(page)));
  for (const page of [...PAGES.slice(0, 30), "page-399.md", "page-7.md"]) {
    if (page === EMPTY) continue;
    const expected = plainly(page, 6).filter(([other]) => other !== EMPTY);
    expect(group.near(page, expected.length)).toEqual(
      expected.map(([other, score]) => [other, expect.closeTo(score, 5)]),
    );
  }
  expect(group.near(EMPTY, 5)).toEqual([]);
  expect(group.near("unknown.md", 5)).toEqual([]);
  expect(group.near("page-0.md", 1000)).toHaveLength(PAGES.length - 2);
});
