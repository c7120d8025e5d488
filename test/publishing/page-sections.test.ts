import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { sectionsOfPage } from "../../src/publishing/page-sections.ts";
import type { Page } from "../../src/words/types.ts";
import { pageOf } from "../chunking/page.ts";

const sectionsOf = (body: string, rest: Partial<Page> = {}, maxTokens = 128, overlapTokens = 0) =>
  sectionsOfPage(chunkPage(pageOf(body, rest), { maxTokens, overlapTokens })).map(
    ({ section }) => section,
  );

/** Sentences that all differ, each with its number. */
const sentences = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, at) => `Sentence ${from + at} tells of things.`).join(" ");

test("a chunk of several sections gives each its own text, without the line of its heading", () => {
  const body =
    "Intro.\n\n# Top\n\n## One\n\nFirst.\n\n### Deep {#own}\n\nIn it.\n\n## Two\n\nLast.";
  expect(sectionsOf(body, { title: "Page" })).toEqual(
    [
      { heading: null, trail: [], url: "/guide/page/", text: "Intro." },
      { heading: "Top", trail: [], url: "/guide/page/#top", text: "" },
      { heading: "One", trail: ["Top"], url: "/guide/page/#one", text: "First." },
      { heading: "Deep", trail: ["Top", "One"], url: "/guide/page/#own", text: "In it." },
      { heading: "Two", trail: ["Top"], url: "/guide/page/#two", text: "Last." },
    ].map((one) => ({ ...one, page: "guide/page.md", title: "Page", locale: null, version: null })),
  );
});

test("a page that begins with a heading has a section for its title, unless the heading is the title", () => {
  const headings = (title: string) =>
    sectionsOf("## Oil lamps\n\nAll about lamps.", { title }).map(({ heading, url }) => [
      heading,
      url,
    ]);
  const own = ["Oil lamps", "/guide/page/#oil-lamps"];
  expect(headings("All lamps")).toEqual([[null, "/guide/page/"], own]);
  expect(headings("Oil lamps")).toEqual([own]);
});

test.each([0, 32])(
  "a section in several chunks is one section again, every sentence once (overlap: %s tokens)",
  (overlapTokens) => {
    const paragraphs = Array.from({ length: 12 }, (_, at) => sentences(5, at * 5)).join("\n\n");
    const [top, long, last] = sectionsOf(
      `# Top\n\nIntro.\n\n## Long\n\n${paragraphs}\n\n## Last\n\n${sentences(20, 100)}`,
      {},
      128,
      overlapTokens,
    );
    expect(top).toMatchObject({ heading: "Top", text: "Intro." });
    expect(long).toMatchObject({ heading: "Long", text: paragraphs });
    expect(last).toMatchObject({ heading: "Last" });
    for (let at = 100; at < 120; at += 1)
      expect(last?.text.split(`Sentence ${at} `), String(at)).toHaveLength(2);
  },
);

test("two sections with the same heading stay two, also without ids and lines", () => {
  const body = "<h2>Note</h2><p>First.</p><h2>Note</h2><p>Second.</p>";
  const found = sectionsOf(body, { format: "html", slugger: "none" });
  expect(found.map(({ heading, text }) => [heading, text])).toEqual([
    ["Note", "First."],
    ["Note", "Second."],
  ]);
});

test("no word of a page is lost, and each is in the text once, whatever the limits", () => {
  const word = fc.stringMatching(/^[a-z]{3,9}$/u);
  const paragraph = fc.array(word, { minLength: 1, maxLength: 60 });
  const section = fc.record({
    depth: fc.integer({ min: 1, max: 4 }),
    texts: fc.array(paragraph, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(
      fc.array(section, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (sections, overlaps) => {
        let number = 0;
        const unique = (words: readonly string[]) =>
          words.map((one) => `${one}${(number += 1)}x`).join(" ");
        const body = sections
          .map(({ depth, texts }) =>
            [`${"#".repeat(depth)} Heading`, ...texts.map((one) => `${unique(one)}.`)].join("\n\n"),
          )
          .join("\n\n");
        const all = sectionsOf(body, {}, 64, overlaps ? 16 : 0)
          .map(({ text }) => text)
          .join("\n");
        const wanted = body.match(/[a-z]+\d+x/gu) ?? [];
        expect(all.match(/[a-z]+\d+x/gu) ?? []).toEqual(wanted);
      },
    ),
    { numRuns: 200 },
  );
});
