import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSelected } from "../../src/content/hidden-pages.ts";
import { pageOfFile, type ContentOptions } from "../../src/content/page-of-file.ts";
import { answerOf, HOST_PARSERS } from "../support/host-frontmatter.ts";

/** A way to write frontmatter, what each host reads, and what becomes of the page here. */
interface Form {
  readonly form: string;
  readonly source: string;
  readonly astro: unknown;
  readonly vitepress: unknown;
  readonly docusaurus: unknown;
  readonly eleventy: unknown;
  readonly ours: unknown;
  /** The same with `draft: false`. */
  readonly withoutDraft?: unknown;
}

const FORMS: readonly Form[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/frontmatter/forms.json"), "utf8"),
);
const CONTENT: ContentOptions = {
  root: "",
  include: [],
  exclude: [],
  baseUrl: "/",
  urlStyle: "directory",
  pathStyle: "plain",
  slugger: "github",
  format: "host",
  locales: {},
  versions: {},
  paths: {},
  routes: {},
};

const TAILS = ["", " ", "\t", "json", "yaml", " yml", "js", "toml", " # c", "title: x", " end"];
const LINES = String.raw`draft: true
unlisted: yes
published: false
rag: no
'draft' : true
? draft
: true
"dra\u0066t": true
draft: !!bool true
draft: &a true
<<: {draft: true}
draft = true
title = "x"
[x]
{"draft": true}
{draft: true, a: 1}
draft: false
title: T
title: a: b
x: |
  draft: true
  text
- a
# c

...
Prose.
+++
---
--- y
+++ x
x: "a
'
	x: 1`.split("\n");

const read = (source: string) => pageOfFile("a.md", Buffer.from(source), CONTENT);

function fateOf(source: string): unknown {
  const { page, warnings } = read(source);
  const warned = warnings.length > 0;
  if (page === null) return warned ? "left out with a warning" : "left out";
  return { title: page.title, body: page.body, warned };
}

describe("the table of forms", () => {
  it.each(FORMS)("holds what the parsers of the hosts answer: $form", (form) => {
    const { astro, vitepress, docusaurus, eleventy, source } = form;
    const answers = Object.keys(HOST_PARSERS).map((host) => [host, answerOf(host, source)]);
    expect(Object.fromEntries(answers)).toEqual({ astro, vitepress, docusaurus, eleventy });
  });

  it.each(FORMS)("says what becomes of the page: $form", ({ source, ours }) => {
    expect(fateOf(source)).toEqual(ours);
  });

  it.each(FORMS)("repeats no text of the page in a warning: $form", ({ source }) => {
    expect(read(source).warnings.join()).not.toMatch(/secret|plan|body|word|HEAD/i);
  });

  it.each(FORMS.filter((form) => form.withoutDraft !== undefined))(
    "says what is indexed when it is no draft: $form",
    ({ source, withoutDraft }) => {
      const published = source.replace(/(draft"? ?[:=]) true/, "$1 false");
      expect(published).not.toBe(source);
      expect(fateOf(published)).toEqual(withoutDraft);
    },
  );
});

describe("pageOfFile", () => {
  it("leaves out every page that the parser of any host reads as hidden", () => {
    const source = fc
      .tuple(
        fc.constantFrom("", "", "\uFEFF", "\n", " \n", "\u00A0\r\n", "\uFEFF\n", "\n\n\t\n"),
        fc.constantFrom("---", "---", "+++", "----"),
        fc.constantFrom(...TAILS),
        fc.array(fc.constantFrom(...LINES), { maxLength: 4 }),
        fc.constantFrom("", "---\n", "+++\n", "----\n", "--- end\n", "---"),
        fc.constantFrom("", "Body\n", "\n---\nmore\n"),
        fc.constantFrom("\n", "\r\n"),
      )
      .map(
        ([lead, fence, rest, lines, closing, body, end]) =>
          lead + [fence + rest, ...lines, closing + body].join("\n").replaceAll("\n", end),
      );
    fc.assert(
      fc.property(source, (text) => {
        const answers = Object.keys(HOST_PARSERS).map((host) => Object(answerOf(host, text)));
        const isShown = answers.every((frontmatter) => isSelected({ id: "a.md", frontmatter }));
        expect(isShown || read(text).page === null).toBe(true);
      }),
      { seed: 13, numRuns: 1500 },
    );
  });

  it.each([
    "---\n<<: {draft: false}\n+++x: 1\ndraft: true\n---\nB",
    "---\n<<: {rag: true}\n+++x: 1\nrag: false\n---\nB",
  ])("leaves out a page that a host reads to a later fence, and so as hidden: %j", (source) => {
    const shows = (host: "astro" | "vitepress"): boolean =>
      isSelected({ id: "a.md", frontmatter: Object(answerOf(host, source)) });
    expect([shows("astro"), shows("vitepress")]).toEqual([true, false]);
    expect(fateOf(source)).toBe("left out");
  });

  it.each([
    "---\ntitle: Codename Heron: x\ndraft: true\n---\n",
    '---json\n{ "a long enough name": Heron }\ndraft: true\n---\n',
    "---json\n{ Heron, draft: true }\n---\n",
    "---\n*Heron: 1\ndraft: true\n---\n",
    "---\na: *Heron\ndraft: true\n---\n",
    "---\na: !<Heron> x\n\tdraft: true\n---\n",
    "---\na: |Heron\ndraft: true\n---\n",
    '---\na: "x" Heron\ndraft: true\n---\n',
    "+++\nHeron = Heron\ndraft = true\n+++\n",
  ])("names the page and repeats none of its text: %j", (source) => {
    const { page, warnings } = read(source);
    expect(page).toBeNull();
    expect(warnings).toEqual([expect.stringMatching(/^a\.md: The .*The page was left out, /)]);
    expect(warnings.join()).not.toContain("Heron");
  });

  it("runs no code of a page", () => {
    const source = "---js\n{ title: (globalThis.wasRun = true) }\n---\nBody";
    expect(read(source)).toMatchObject({ page: { body: "Body", title: null } });
    expect(globalThis).not.toHaveProperty("wasRun");
    expect(read(source).warnings).toEqual([
      "a.md: The frontmatter that starts at line 2 is JavaScript, which siterag does not run. " +
        "The page was read without its frontmatter; correct it.",
    ]);
  });

  it("parses no long page that nothing closes", () => {
    const source = `---\na: ${"x".repeat(50_000)}\n`;
    expect(read(source)).toMatchObject({
      page: { body: source, frontmatter: {} },
      warnings: [
        expect.stringContaining(
          "The frontmatter that starts at line 2 has no proper closing line.",
        ),
      ],
    });
  });
});
