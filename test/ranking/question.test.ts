import { describe, expect, test } from "vitest";
import { readQuestion } from "../../src/ranking/question.ts";

const terms = (query: string, isTyping = false): string[] =>
  readQuestion(query, { isTyping }).words.map(({ isPrefix, term }) =>
    isPrefix ? `${term}…` : term,
  );

describe("the words of a question", () => {
  test.each([
    ["lose those that say nothing", "where is the bucket", ["bucket"]],
    ["lose contractions of those, too", "where's the bucket", ["bucket"]],
    ["however the apostrophe is written", "what’s the bucket", ["bucket"]],
    ["keep all when there are no others", "what is this", ["what", "is", "this"]],
    ["keep one that is quoted", "use of 'with' statement", ["use", "with", "statement"]],
    ["count once each", "Cache the cache", ["cache"]],
    ["keep a name whole", "is v-model bound", ["v-model", "bound"]],
    ["keep signs", "C++ ?? operator", ["c++", "??", "operator"]],
    ["are none in signs that are no operator", "?!… ()", []],
  ])("%s", (_, query, words) => {
    expect(terms(query)).toEqual(words);
  });
});

test("of more than twelve words, names and longer words count, in their order", () => {
  const short = "aa bb cc dd ff gg hh jj kk ll mm nn pp";
  expect(terms(`${short} longer foo_bar`)).toEqual([
    ...short.split(" ").slice(0, 10),
    "longer",
    "foo_bar",
  ]);
});

test("a pair of Chinese characters is half a word, and hides no name", () => {
  const text = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄";
  const words = terms(`${text}import.meta`);
  expect(words).toHaveLength(23);
  expect(words.at(-1)).toBe("import.meta");
});

test("the last word may be unfinished while the reader types, until a space ends it", () => {
  expect(terms("the cac", true)).toEqual(["cac…"]);
  expect(terms("cache th", true)).toEqual(["cache", "th…"]);
  expect(terms("the cache ", true)).toEqual(["cache"]);
  expect(terms("the cac")).toEqual(["cac"]);
});

test("a question of a megabyte is read by its beginning", () => {
  expect(terms("word ".repeat(200_000))).toEqual(["word"]);
});
