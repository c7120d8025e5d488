import { describe, expect, test } from "vitest";
import type { PageDifference } from "../../src/verifying/report.ts";
import { wordsIn } from "../../src/verifying/word-counts.ts";
import { rowsOf } from "../support/docs-site.ts";
import { builtSite } from "./built-site.ts";

describe("words are cut the same way on both sides", () => {
  test.each([
    ["Don’t stop", ["don", "t", "stop"]],
    ["ﬁle ½ Ａ", ["file", "1", "2", "a"]],
    ["Zero\u200Bwidth soft\u00ADhyphen", ["zerowidth", "softhyphen"]],
    ["設定ファイル v2です", ["設", "定", "フ", "ァ", "イ", "ル", "v2", "で", "す"]],
    ["한국어 문서", ["한국어", "문서"]],
    ["ÉCOLE naïve हिन्दी", ["école", "naïve", "हिन्दी"]],
    ["1\uFE0F\u20E3 ❤\uFE0F", ["1\u20E3"]],
    ["snake_case kebab-case", ["snake", "case", "kebab", "case"]],
  ])("%j", (text, words) => {
    expect(wordsIn(text)).toEqual(words);
  });
});

interface Case {
  readonly name: string;
  readonly source: string;
  readonly main: string;
  readonly missing?: Readonly<Record<string, number>>;
  readonly neverShown?: Readonly<Record<string, number>>;
}

const CASES: readonly Case[] = [
  { name: "a word lost", source: "One two.", main: "<p>One two three.</p>", missing: { three: 1 } },
  {
    name: "a word lost once of two",
    source: "Run it, then stop.",
    main: "<p>Run it, then run on and stop.</p>",
    missing: { run: 1, on: 1, and: 1 },
  },
  {
    name: "a word that the host replaces",
    source: "Version VERSION is out.",
    main: "<p>Version 3 is out.</p>",
    missing: { 3: 1 },
    neverShown: { version: 1 },
  },
  {
    name: "smart quotes, dashes and ellipses",
    source: `It's "so" -- well...`,
    main: "<p>It’s “so” — well…</p>",
  },
  {
    name: "parts of a word in elements",
    source: "un**believ**able",
    main: "<p>un<b>believ</b>able</p>",
  },
  {
    name: "blocks without a space between them",
    source: "- a\n- b",
    main: "<ul><li>a</li><li>b</li></ul>",
  },
  { name: "a line break", source: "a  \nb", main: "<p>a<br>b</p>" },
  { name: "Chinese", source: "設定を開く", main: "<p>設定を<b>開</b>く</p>" },
  { name: "Chinese, lost", source: "設定", main: "<p>設定設</p>", missing: { 設: 1 } },
  {
    name: "zero-width characters and soft hyphens",
    source: "docu\u00ADmentation",
    main: "<p>doc\u200Bumentation</p>",
  },
  {
    name: "a title in the frontmatter that the page shows",
    source: "---\ntitle: Big Page\n---\nText.",
    main: "<h1>Big Page</h1><p>Text.</p>",
  },
  {
    name: "a title in the source that the page does not show",
    source: "# Big Page\n\nText.",
    main: "<p>Text.</p>",
  },
  {
    name: "descriptions of images on either side",
    source: "See ![a red door](door.png).\n\n<img src='cat.png' alt='the cat'>",
    main: '<p>See <img src="/door.png" alt="a red door">.</p><p><img src="cat.png" alt="the cat"></p>',
  },
  {
    name: "titles of code",
    source: '```js title="run.js"\nstart();\n```\n\n```js\n// stop.js\nstop();\n```',
    main: '<figure class="expressive-code"><figcaption class="header"><span class="title">run.js</span></figcaption><pre><code>start();</code></pre></figure><figure><figcaption class="header"><span class="title">stop.js</span></figcaption><pre><code>stop();</code></pre></figure>',
  },
  {
    name: "the language of code, lost as a word of the text",
    source: '```json title="run"\nstart();\n```',
    main: "<figure><figcaption class='header'><span class='title'>run</span></figcaption><pre><code>start();</code></pre></figure><p>The title as JSON.</p>",
    missing: { the: 1, title: 1, as: 1, json: 1 },
  },
  {
    name: "words that one side joins",
    source: "Open the note book.",
    main: "<p>Open the notebook.</p>",
    missing: { notebook: 1 },
    neverShown: { note: 1, book: 1 },
  },
  {
    name: "the default title of a box in any language",
    source: ":::note\nText.\n:::",
    main: '<aside><p class="title">Hinweis</p><p>Text.</p></aside>',
  },
  {
    name: "a title of a box that the author wrote",
    source: "Text.",
    main: '<aside><p class="title">Mind the gap</p><p>Text.</p></aside>',
    missing: { mind: 1, the: 1, gap: 1 },
  },
  {
    name: "the source of formulas",
    source: "So $\\frac{a}{b}$ it is.\n\n$$\nx = y\n$$",
    main: '<p>So <span class="katex"><math><mi>a</mi><annotation>\\frac{a}{b}</annotation></math></span> it is.</p><div class="katex-display"><math>xy</math></div>',
  },
  {
    name: "dollars of a page without formulas",
    source: "It costs $5 and $6.",
    main: "<p>It costs 5 and.</p>",
    neverShown: { 6: 1 },
  },
  {
    name: "numbers of footnotes",
    source: "So it is[^1].\n\n[^1]: Says who.",
    main: '<p>So it is<sup><a href="#fn1" data-footnote-ref>1</a></sup>.</p><section><ol><li>Says who.</li></ol></section>',
  },
  {
    name: "hidden panels of tabs",
    source: "**npm**\n\nnpm i\n\n**yarn**\n\nyarn add",
    main: '<div role="tablist"><button role="tab">npm</button><button role="tab">yarn</button></div><div role="tabpanel">npm i</div><div role="tabpanel" hidden>yarn add</div>',
  },
  {
    name: "labels for screen readers, links to headings, line numbers",
    source: "## Use\n\nText.",
    main: '<h2 id="use">Use <a class="header-anchor" href="#use">#</a></h2><span class="sr-only">Section</span><p>Text.</p><table><tr><td class="linenos">12</td></tr></table>',
  },
];

/** All cases are pages of one site, which is verified once. */
async function differences(): Promise<readonly PageDifference[]> {
  const source = CASES.map((one, at) => [`${at}.md`, one.source]);
  const built = CASES.map((one, at) => [`${at}/index.html`, one.main]);
  const site = await builtSite(Object.fromEntries(source), Object.fromEntries(built));
  return (await site.verify()).differing;
}
let all: ReturnType<typeof differences> | null = null;

test.each(CASES.map((one, at) => ({ ...one, page: `${at}.md` })))(
  "$name",
  async ({ page, missing = {}, neverShown = {} }) => {
    all ??= differences();
    const found = (await all).find((difference) => difference.page === page);
    expect({ missing: found?.missing ?? {}, neverShown: found?.neverShown ?? {} }).toEqual({
      missing,
      neverShown,
    });
  },
);

const SENTENCES = Array.from({ length: 40 }, (_, at) => `Sentence ${at} tells more of it.`);
const ROWS = Array.from({ length: 30 }, (_, at) => [`row${at}`, `what the row ${at} is for`]);

const LONG = [
  "## Long",
  SENTENCES.join(" "),
  "| Name | Meaning |\n| --- | --- |",
  ...ROWS.map((cells) => `| ${cells.join(" | ")} |`),
]
  .join("\n\n")
  .replace(/\|\n\n\|/g, "|\n|");

const longHtml = (rows: readonly (readonly string[])[], sentences = SENTENCES): string =>
  `<h2 id="long">Long</h2><p>${sentences.join(" ")}</p><table><tr><th>Name</th><th>Meaning</th></tr>${rows
    .map((cells) => `<tr><td>${cells.join("</td><td>")}</td></tr>`)
    .join("")}</table>`;

const SMALL = { chunking: { maxTokens: 64, overlapTokens: 24 } };

test("what the parts of a long section repeat lawfully is never shown twice", async () => {
  const site = await builtSite({ "page.md": LONG }, { "page/index.html": longHtml(ROWS) }, SMALL);
  const { differing, figures } = await site.verify();
  expect(differing).toEqual([]);
  expect(figures.missing).toMatchObject({ wrong: 0, share: 1 });
  expect(figures.neverShown.total).toBe(figures.missing.total);
});

test("what is lost of a long section is missing, although its parts repeat other text", async () => {
  const more = longHtml([...ROWS, ["row0", "what the row 0 is for"]], [...SENTENCES, "Gone."]);
  const site = await builtSite({ "page.md": LONG }, { "page/index.html": more }, SMALL);
  expect((await site.verify()).differing[0]?.missing).toMatchObject({ gone: 1, row0: 1, row: 1 });
});

test("a word that the limit of a chunk tears is not lost, and one that loses a part is", async () => {
  const word = "abcdef0123456789".repeat(20);
  const source = { "page.md": `## Use\n\n\`\`\`\nhash ${word}\n\`\`\`` };
  const main = (code: string): string =>
    `<h2 id="use">Use</h2><pre><code>hash ${code}</code></pre>`;
  const settings = { chunking: { maxTokens: 64 } };
  const whole = await builtSite(source, { "page/index.html": main(word) }, settings);
  expect((await whole.verify()).differing).toEqual([]);
  const more = await builtSite(source, { "page/index.html": main(`${word}0`) }, settings);
  expect((await more.verify()).differing[0]?.missing).toEqual({ [`${word}0`]: 1 });
});

test("a heading whose words begin its text, and that only the trail names, is not missing", async () => {
  const text = "Broken frontmatter does not stop the run. It warns with the file and the line:";
  const source = `# Page\n\n${SENTENCES.join(" ")}\n\n## Broken frontmatter\n\n${text}\n\n\`\`\`text\nguide/export.md: broken at line 3\n\`\`\``;
  const main = `<h1 id="page">Page</h1><p>${SENTENCES.join(" ")}</p><h2 id="broken-frontmatter">Broken frontmatter</h2><p>${text}</p><pre><code>guide/export.md: broken at line 3</code></pre>`;
  for (const maxTokens of [32, 36, 40, 44]) {
    const site = await builtSite(
      { "page.md": source },
      { "page/index.html": main },
      { chunking: { maxTokens } },
    );
    expect((await site.verify()).differing, String(maxTokens)).toEqual([]);
  }
});

test("a heading that only the trail of a chunk names is not missing", async () => {
  // Some of these codes leave no room for the heading in a chunk.
  const codes = Array.from({ length: 12 }, (_, lines) =>
    Array.from({ length: lines + 3 }, (_line, at) => `call ${at};`).join("\n"),
  );
  const name = "Only in the trail";
  const pages = codes.map(
    (code) => `## ${name}\n\n\`\`\`\n${code}\n\`\`\`\n\n${SENTENCES.join(" ")}`,
  );
  const built = codes.map(
    (code) =>
      `<h2 id="only-in-the-trail">${name}</h2><pre><code>${code}</code></pre><p>${SENTENCES.join(" ")}</p>`,
  );
  const site = await builtSite(
    Object.fromEntries(pages.map((page, at) => [`${at}.md`, page])),
    Object.fromEntries(built.map((page, at) => [`${at}/index.html`, page])),
    SMALL,
  );
  const texts = [...(await rowsOf(site.config)).values()].map(({ text }) => text);
  expect(texts.filter((text) => text.includes(`## ${name}`)).length).toBeLessThan(codes.length);
  expect((await site.verify()).differing).toEqual([]);
});
