import { runInNewContext } from "node:vm";
import type { Root } from "mdast";
import { expect, it, onTestFinished, vi, type MockInstance } from "vitest";
import { findExplicitId } from "../../src/chunking/anchors.ts";
import { headingBlock, piece } from "../../src/chunking/blocks.ts";
import { chunkPage, type ChunkOptions } from "../../src/chunking/chunk-page.ts";
import { trailFitter } from "../../src/chunking/embedding-input.ts";
import { htmlParts, htmlText } from "../../src/chunking/html-text.ts";
import { readLines } from "../../src/chunking/line-blocks.ts";
import { readBlocks, type BlockSink } from "../../src/chunking/read-blocks.ts";
import { satteri } from "../../src/chunking/satteri.ts";
import { withoutTemplateCode } from "../../src/chunking/template-code.ts";
import { decodedMarkdown } from "../../src/chunking/character-references.ts";
import { sectionsOf } from "../../src/chunking/sections.ts";
import { isParsable, segmentsOf } from "../../src/chunking/segments.ts";
import { tokenUnits } from "../../src/chunking/tokens.ts";
import { headingTrail } from "../../src/chunking/embedding-input.ts";
import { parseYaml } from "../../src/content/parse-yaml.ts";
import { readQuestion } from "../../src/ranking/question.ts";
import type { Page } from "../../src/words/types.ts";
import { pageOf } from "./page.ts";

const OPTIONS = { maxTokens: 512, overlapTokens: 0 };

const restored = <Spy extends MockInstance>(spy: Spy): Spy => {
  onTestFinished(() => spy.mockRestore());
  return spy;
};

/** Characters, or entries, of all texts, or lists, on which a spied function was called. */
const lengthOf = (spy: MockInstance): number =>
  spy.mock.contexts.reduce<number>((sum, text) => sum + Object(text).length, 0);

const emptySink = (): BlockSink => ({ blocks: [], headings: [] });

it("a heading is read once, however many sections are below it", () => {
  const long = "word ".repeat(800);
  const fit = trailFitter("Title", 512);
  const reads = restored(vi.spyOn(String.prototype, "charCodeAt"));
  for (let section = 0; section < 100; section += 1) fit([long, `Part ${section}`]);
  expect(reads.mock.calls.length).toBeLessThan(3 * long.length);
});

it.each([
  ["Title", ["Part", "1. First", "2. Second"]],
  ["Title", ["Title", "Part 1"]],
  ["1 Title", []],
  ["", ["3", ""]],
])("the cost of the trail of %j and %j is that of its line", (title, headings) => {
  const trail = trailFitter(title, 8192)(headings);
  expect(trail.units).toBe(tokenUnits(headingTrail(trail)));
});

it("the costs of headings without text are added up once, however many there are", () => {
  const count = 1000;
  let reads = 0;
  const headings = Array.from({ length: count }, (_, order) => {
    const shape = { text: "Part", depth: 2, plain: "Part", order };
    return Object.defineProperty(headingBlock(shape, 1, 1), "units", {
      get: () => {
        reads += 1;
        return 300;
      },
    });
  });
  const text = { ...piece("Text.", 1, 1), kind: "text" as const, leadsIn: false };
  const sections = sectionsOf({ blocks: [...headings, text], headings: [] }, 3000);
  expect(sections).toHaveLength(count - 6);
  expect(reads).toBeLessThan(6 * count);
});

it("the lines of raw HTML are counted once, however many headings it has", () => {
  const html = "<h2>Part</h2>\n".repeat(1000);
  const replace = restored(vi.spyOn(String.prototype, "replace"));
  expect(htmlParts(html)).toHaveLength(2000);
  expect(lengthOf(replace)).toBeLessThan(10 * html.length);
});

it("a line is not read again for each of its components", () => {
  const line = "word <A>text</A> ".repeat(100);
  const iterate = restored(vi.spyOn(String.prototype, Symbol.iterator));
  chunkPage(pageOf(line, { format: "mdx" }), OPTIONS);
  expect(lengthOf(iterate)).toBeLessThan(10 * line.length);
});

it("a frontmatter key is not compared with each of the others", () => {
  const keys = Array.from({ length: 1000 }, (_, index) => `key${index}: ${index}`).join("\n");
  const some = restored(vi.spyOn(Array.prototype, "some"));
  expect(parseYaml(keys)).toHaveProperty("key999", 999);
  expect(lengthOf(some)).toBeLessThan(2000);
});

it("a fence with marks as long as a chunk makes no more chunks than its text needs", () => {
  const marks = "`".repeat(2000);
  const page = pageOf(`${marks}js\n${"some code\n".repeat(300)}${marks}\n`);
  const chunks = chunkPage(page, OPTIONS);
  expect(chunks.length).toBeLessThan(10);
  expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBeLessThanOrEqual(512);
});

it("cells without a column of their own make no more chunks than their text needs", () => {
  const page = pageOf(`| A | B |\n|---|---|\n|${" cell |".repeat(300)}\n`);
  const chunks = chunkPage(page, OPTIONS);
  expect(chunks.length).toBeLessThan(10);
  expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBeLessThanOrEqual(512);
});

it("the parts of a section with a long heading do not repeat all of it in id and URL", () => {
  const chunks = chunkPage(
    pageOf(`# ${"x".repeat(20_000)}\n\n${"Some text. ".repeat(500)}`),
    OPTIONS,
  );
  const names = chunks.map(({ id, url }) => id + url);
  expect(new Set(names).size).toBe(chunks.length);
  expect(names.join("").length).toBeLessThan(chunks.length * 1200);
});

/** The texts that the native parser reads while a page is cut into chunks. */
function parsedIn(page: Page, options: ChunkOptions, warn: (message: string) => void): string[] {
  const parse = satteri.parser();
  const texts: string[] = [];
  const parser = restored(vi.spyOn(satteri, "parser"));
  parser.mockReturnValue((text) => {
    texts.push(text);
    if (parse === null) throw new Error("This platform has no native parser.");
    return parse(text);
  });
  expect(chunkPage(page, options, warn).length).toBeGreaterThan(0);
  return texts;
}

/** Texts for which a parser needs seconds to minutes when they are a few times as long. */
const DENSE: Readonly<Record<string, string>> = {
  "underlined headings": "a\n=\n".repeat(5000),
  "items of a numbered list": "1. a\n".repeat(5000),
  "emphasis in emphasis": "*a ".repeat(2000) + "a* ".repeat(2000),
  "tags without an end": "a <![CDATA[".repeat(2000),
  "blocks of math": "$$\n".repeat(5000),
  "character references": "&amp;".repeat(5000),
  "expressions that are none": "{ % a } ".repeat(5000),
};

it.each(Object.entries(DENSE))("%s are read as plain text by any parser", (_, body) => {
  const warnings: string[] = [];
  const parsed = parsedIn(pageOf(body), OPTIONS, (message) => warnings.push(message));
  expect(parsed.filter((text) => !isParsable(text))).toEqual([]);
  expect(warnings).toEqual([
    expect.stringContaining("guide/page.md:1: nested too deeply, too long"),
  ]);
});

it.each([
  ["list", `- Item\n\n  ~~~\n${`  ${"word".repeat(1000)}\n`.repeat(70)}  ~~~\n`],
  ["quotation", `> ~~~\n${`> ${"word".repeat(1000)}\n`.repeat(70)}> ~~~\n`],
])("a %s of MDX is cut without a parser where it is longer than a parser may read", (_, body) => {
  const options = { maxTokens: 8192, overlapTokens: 0 };
  const parsed = parsedIn(pageOf(body, { format: "mdx" }), options, () => {});
  expect(parsed.filter((text) => !isParsable(text))).toEqual([]);
});

const ROW = '<td><a href="/a"><b>Name</b></a></td>\n';

it.each([
  ["underlined headings", "a\n=\n".repeat(900)],
  ["character references", "Caf&eacute; &amp; bar&nbsp;\n".repeat(240)],
  ["blocks of math", "$$\na\n$$\n\n".repeat(500)],
  ["rows with marks", `| a |\n| - |\n${"| *a* [b](/c) `d` |\n".repeat(1000)}`],
  ["lines of HTML", `<table><tr>\n${ROW.repeat(1000)}</tr></table>\n`],
  ["lines of code", `\`\`\`\n${"- *a* [b]\n".repeat(6000)}\`\`\`\n`],
])("many %s are read as Markdown", (_, body) => {
  const warn = vi.fn<(message: string) => void>();
  chunkPage(pageOf(body), OPTIONS, warn);
  expect(warn).not.toHaveBeenCalled();
});

it("a page of many lines is parsed in parts, as many as it has places to cut", () => {
  const lines = 4000;
  const body = Array.from({ length: lines }, (_, index) => `Line ${index}\n`).join("\n");
  const segments = segmentsOf(body);
  expect(segments.length).toBeGreaterThan(2);
  expect(segments.map(({ source }) => source).join("")).toBe(body);
});

it("a page in parts finds its definitions, also one whose address is on the next line", () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `Line ${index}\n`).join("\n");
  const chunks = chunkPage(
    pageOf(`See [here][a].\n\n${lines}\n[a]:\n   /there "Title"\n`),
    OPTIONS,
  );
  expect(chunks[0]?.text).toContain("See [here](/there).");
});

it("a page of 150,000 blocks is read", () => {
  const children: Root["children"] = Array.from({ length: 150_000 }, () => ({
    type: "thematicBreak",
  }));
  const from = { source: "", firstLine: 1, page: pageOf("") };
  expect(() => readBlocks({ type: "root", children }, from, emptySink())).not.toThrow();
});

const SPACES = " ".repeat(300_000);

/** How often a pattern tries a place cannot be counted; with one try for each pair of places it would not end. */
it.each<[string, () => unknown]>([
  ["attributes in braces", () => htmlText(`<a${" {b}".repeat(1000)}"`)],
  ["attributes with braces", () => htmlText(`<a${" b{c}".repeat(1000)}"`)],
  ["headings without an end", () => htmlParts("<h2>Part".repeat(50_000))],
  ["start tags of headings without an end", () => htmlParts("<h2 ".repeat(200_000))],
  ["start tags of scripts without an end", () => htmlParts("<script ".repeat(100_000))],
  ["declarations without an end", () => htmlParts("<!A ".repeat(200_000))],
  ["code without an end", () => withoutTemplateCode("{{ a ".repeat(60_000), "eleventy")],
  ["comments without an end", () => withoutTemplateCode("{# a ".repeat(60_000), "eleventy")],
  ["raw code without an end", () => withoutTemplateCode("{% raw %}".repeat(60_000), "eleventy")],
  ["code behind empty lines", () => withoutTemplateCode("{{\n\n".repeat(100_000), "vitepress")],
  ["spans without an end", () => withoutTemplateCode("` {{ `` ".repeat(20_000), "vitepress")],
  [
    "tags with v-pre without an end",
    () => withoutTemplateCode("<a v-pre>".repeat(20_000), "vitepress"),
  ],
  [
    "blocks of v-pre without an end",
    () => withoutTemplateCode("::: v-pre\n".repeat(20_000), "vitepress"),
  ],
  [
    "fences of MDX without an end",
    () => chunkPage(pageOf("```mdx-code-block\n".repeat(20_000), { host: "docusaurus" }), OPTIONS),
  ],
  ["quotes in an attribute list", () => findExplicitId(`a {${"\"'".repeat(100_000)}}`, null)],
  ["character references", () => decodedMarkdown("&".repeat(100_000) + "&amp;".repeat(100_000))],
  [
    "a comment without an end",
    () => chunkPage(pageOf("<!-- a ".repeat(1000), { format: "mdx" }), OPTIONS),
  ],
  ["spaces in a heading", () => findExplicitId(`a${SPACES}b`, null)],
  ["an id without an end", () => findExplicitId(`a {#${"b".repeat(300_000)}`, null)],
  ["a heading that is not parsed", () => readLines(`# a${SPACES}b`, 1, emptySink())],
  ["a row that is not parsed", () => readLines(`a|b\n${SPACES}x|\n`, 1, emptySink())],
  ["a delimiter that is not parsed", () => readLines(`a|b\n|-${SPACES}x\n`, 1, emptySink())],
  ["signs in a query", () => readQuestion(`a${"!".repeat(300_000)}b`)],
])("the search for %s ends", (_what, work) => {
  expect(() => {
    runInNewContext("work()", { work }, { timeout: 10_000 });
  }).not.toThrow();
});

it("a fence whose marks are 100,000 characters long is read", () => {
  const marks = "`".repeat(100_000);
  expect(() => readLines(`${marks}\ncode\n${marks}\n`, 1, emptySink())).not.toThrow();
});

it("scripts without an end stay silent behind the last tag", () => {
  expect(htmlText("Shown <b>text</b><script>\nlet hidden = 1;").trim()).toBe("Shown text");
});
