import { expect, test } from "vitest";
import { bestUrls } from "../../src/reader/first-urls.ts";

const factsOf = async (numbers: readonly number[]) =>
  numbers.map((number) => ({
    page: "a.md",
    url: `/${number % 3}/`,
    title: "A",
    headings: [],
    locale: null,
    version: null,
  }));

test.each([
  ["once where they are enough", 3, [60]],
  ["seldom where many share a URL", 4, [80, 800, 8000]],
])("the best sections are asked for %s", async (_, limit, expected) => {
  const sections = Array.from({ length: 3000 }, (__, section) => ({ section }));
  const asked: number[] = [];
  const best = (most: number) => {
    asked.push(most);
    return sections.slice(0, most);
  };
  const named = await bestUrls(best, limit, factsOf);
  expect(named.map(({ facts }) => facts.url)).toEqual(["/0/", "/1/", "/2/"]);
  expect(asked).toEqual(expected);
});
