import { expect, test } from "vitest";
import { PageGroup } from "../../src/searching/page-group.ts";

const LENGTH = 192;
const CHUNKS = 3;
const PAGES = Array.from({ length: 400 }, (_, at) => `page-${at}.md`);
const TOPICS = 40;

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

const firstFive = (scores: ReadonlyMap<string, number>): string[] =>
  [...scores]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 5)
    .map(([page]) => page);

test("the pages that seem near have the five that are nearest, for 99 of 100 pages", () => {
  const group = new PageGroup(PAGES, vectorsOf);
  const same = PAGES.filter((page) => {
    const vectors = vectorsOf(page);
    const mean = unit(
      numbersOf(0).map((_, at) => vectors.reduce((sum, one) => sum + (one[at] ?? 0), 0)),
    );
    const likely = group.nearLikely(page, mean, 80);
    expect(likely.size).toBeLessThan(85);
    expect(likely.has(page)).toBe(false);
    return firstFive(likely).join() === firstFive(group.near(page, mean)).join();
  });
  expect(same.length).toBeGreaterThanOrEqual(PAGES.length * 0.99);
});
