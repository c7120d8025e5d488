import { expect, test } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import type { Chunk, Page } from "../../src/words/types.ts";
import { pageOf } from "./page.ts";

const prose = "Every build reads the pages and cuts them into chunks. ";

const chunksOf = (body: string, rest: Partial<Page> = {}, maxTokens = 128): Chunk[] =>
  chunkPage(pageOf(body, rest), { maxTokens, overlapTokens: 0 });

/** Trail, heading and anchor of each section, and the line that it begins with. */
const shown = ({ sections, text }: Chunk) =>
  sections.map(({ anchor, heading, offset, trail }) => [
    [...trail, heading].join(" > "),
    anchor,
    text.slice(offset).split("\n")[0],
  ]);

test("a chunk of small neighbours has a section for each", () => {
  const body =
    "Intro.\n\n# Top\n\n## One\n\nFirst.\n\n### Deep {#own}\n\nIn it.\n\n## Two\n\nLast.";
  const [chunk, ...others] = chunksOf(body, { bodyLine: 10 });
  expect(others).toEqual([]);
  expect(chunk && shown(chunk)).toEqual([
    ["", null, "Intro."],
    ["Top", "top", "# Top"],
    ["Top > One", "one", "## One"],
    ["Top > One > Deep", "own", "### Deep"],
    ["Top > Two", "two", "## Two"],
  ]);
  expect(chunk?.sections.map(({ heading, startLine }) => [heading, startLine])).toEqual([
    [null, 10],
    ["Top", 12],
    ["One", 14],
    ["Deep", 18],
    ["Two", 22],
  ]);
});

test("a later part of a long section has it as its first section, and then those that follow", () => {
  const chunks = chunksOf(`# Top\n\n## Long\n\n${prose.repeat(20)}\n\n## Next\n\nText.`);
  const later = chunks.filter(({ id }) => /~\d/.test(id));
  expect(later.length).toBeGreaterThan(1);
  for (const { sections } of later) {
    expect(sections[0]).toEqual({
      heading: "Long",
      trail: ["Top"],
      anchor: "long",
      startLine: 3,
      offset: 0,
    });
  }
});

test("a part that begins with repeated sentences has its section from the first of them", () => {
  const body = `# Top\n\n${Array.from({ length: 30 }, (_, at) => `This is sentence ${at} of it.`).join(" ")}`;
  const chunks = chunkPage(pageOf(body), { maxTokens: 128, overlapTokens: 30 });
  expect(chunks.length).toBeGreaterThan(2);
  expect(chunks.map(({ sections }) => sections.map((one) => [one.heading, one.offset]))).toEqual(
    chunks.map(() => [["Top", 0]]),
  );
});

test("a heading that a chunk leaves to its trail is in the sections all the same", () => {
  const code = `\`\`\`js\n${"call();\n".repeat(10)}\`\`\``;
  const chunks = chunksOf(`# Top of the page\n\n## Usage of it\n\n${code}`, {}, 64);
  const [first] = chunks;
  expect(first?.text.startsWith("```js")).toBe(true);
  expect(first?.sections.map(({ heading, offset }) => [heading, offset])).toEqual([
    ["Top of the page", 0],
    ["Usage of it", 0],
  ]);
});

test("no section has an anchor where the host gives headings none", () => {
  const [chunk] = chunksOf("# Top\n\nText.\n\n## Sub\n\nMore.", { slugger: "none" });
  expect(chunk?.sections.map(({ anchor }) => anchor)).toEqual([null, null]);
});

test.each(["github", "vitepress"] as const)(
  "headings in quotations and lists have sections, with the ids of %s, and end no other",
  (slugger) => {
    const body =
      "# Top\n\n> Before.\n>\n> ### In it\n>\n> Text.\n\n- ## Top\n\n  Item.\n\n  1. #### Deep\n- #\n\n## Last\n\nEnd.";
    const [chunk] = chunksOf(body, { slugger });
    expect(chunk && shown(chunk)).toEqual([
      ["Top", "top", "# Top"],
      ["Top > In it", "in-it", "> ### In it"],
      ["Top > Top", "top-1", "- ## Top"],
      ["Top > Deep", "deep", "  1. #### Deep"],
      ["Top > Last", "last", "## Last"],
    ]);
    expect(chunk?.sections.map(({ startLine }) => startLine)).toEqual([1, 5, 9, 13, 16]);
  },
);

test("a heading in a long quotation is a section of the part that shows it", () => {
  const quoted = (text: string): string => text.replace(/^/gm, "> ");
  const body = `# Top\n\n${quoted(`${prose.repeat(12)}\n\n### Later\n\n${prose.repeat(12)}`)}`;
  const chunks = chunksOf(body);
  expect(chunks.length).toBeGreaterThan(1);
  for (const chunk of chunks) {
    const isThere = chunk.text.includes("### Later");
    expect(shown(chunk)).toEqual([
      ["Top", "top", chunk.text.split("\n")[0]],
      ...(isThere ? [["Top > Later", "later", "> ### Later"]] : []),
    ]);
  }
});

test("an h1 of Docusaurus has no id in a quotation either", () => {
  const [chunk] = chunksOf("> # Top\n>\n> Text.", { host: "docusaurus", format: "mdx" });
  expect(chunk && shown(chunk)).toEqual([["Top", null, "> # Top"]]);
});

test("the trails of sections are as short as those of chunks", () => {
  const long = "Very long heading that never seems to end ".repeat(20);
  const chunks = chunksOf(`# ${long}\n\n${`## ${long}\n\nText.\n\n`.repeat(10)}`);
  const lengths = chunks.flatMap(({ sections }) =>
    sections.map(({ heading, trail }) => [...trail, heading].join("").length),
  );
  expect(Math.max(...lengths)).toBeLessThan(300);
});
