import { assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { snippetOf } from "../../src/ranking/snippet.ts";
import { codePoint } from "../support/code-point.ts";

const marked = (markdown: string, query: string): string[] => {
  const { text, marks } = snippetOf(markdown, query);
  return marks.map(([start, end]) => text.slice(start, end));
};

test("a snippet has no Markdown syntax and no heading", () => {
  const markdown = "## Run it\n\n- Use **`npm`** and [the docs](/docs/).\n\n```sh\nnpm ci\n```\n";
  expect(snippetOf(markdown, "x").text).toBe("Use npm and the docs. npm ci");
});

test.each([
  ["pages", "One page of it", ["page"]],
  ["foo_bar", "call foo_bar.baz", ["foo", "bar"]],
  ["Größe", "die GROSSE und die große", ["GROSSE", "große"]],
  ["grösse", "die Größe", ["Größe"]],
  ["get user", "getUserProfile()", ["getUser"]],
  ["安装", "如何安装软件包", ["安装"]],
  ["how is the cache", "how is the cache", ["cache"]],
])("the query %s marks in “%s” the words %j", (query, markdown, words) => {
  expect(marked(markdown, query)).toEqual(words);
});

test("a snippet shows the passage with the most words of the query", () => {
  const far = "cache of nothing. ".padEnd(900, "filler words here. ");
  const { text } = snippetOf(`${far}The cache holds vectors.`, "cache vectors");
  expect(text).toMatch(/^….*The cache holds vectors\.$/u);
});

/** Surrogate pairs without words between them, at odd and even offsets. */
const pairs = string({ unit: constantFrom("😀", "+"), minLength: 200, maxLength: 600 });

/** A character of a file's text: decoding UTF-8 leaves no lone surrogate. */
const wholeCharacter = codePoint.filter((character) => character.isWellFormed());

test("for any text, marks are in order and inside the snippet, which stays short", () => {
  assert(
    property(
      oneof(string({ unit: wholeCharacter, maxLength: 600 }), pairs),
      string({ maxLength: 40 }),
      (text, query) => {
        const snippet = snippetOf(text, query);
        const flat = snippet.marks.flat();
        expect(flat).toEqual(flat.toSorted((one, other) => one - other));
        expect(flat.every((end) => end >= 0 && end <= snippet.text.length)).toBe(true);
        expect(snippet.text.length).toBeLessThanOrEqual(242);
        expect(snippet.text.isWellFormed()).toBe(true);
      },
    ),
  );
});

test.each([
  [
    "灯台と電灯。",
    "灯",
    [
      [0, 1],
      [4, 5],
    ],
  ],
  ["값은 무엇", "값", [[0, 2]]],
  ["灯台の明かり", "灯台", [[0, 2]]],
])("in %j, %j is marked at %j", (text, query, marks) => {
  expect(snippetOf(text, query).marks).toEqual(marks);
});

test("in a long text of the word asked for, each word is looked at with the words near it alone", () => {
  const filters = vi.spyOn(Array.prototype, "filter");
  onTestFinished(() => filters.mockRestore());
  snippetOf("cache ".repeat(2000), "cache");
  const looks = filters.mock.contexts.reduce<number>((sum, list) => sum + Object(list).length, 0);
  expect(looks).toBeLessThan(2000 * 50);
});
