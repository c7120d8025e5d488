import { describe, expect, it, test } from "vitest";
import { textIn } from "../../src/html/elements.ts";
import { pageFacts } from "../../src/html/page-facts.ts";
import { isOut } from "../../src/html/what-is-out.ts";
import { MARKUPS } from "./markups.ts";

const wordsOf = (text: string): string[] =>
  text.match(/(?:good|bad)(?:[A-Z][a-z]*?)+(?=good|bad|[^a-zA-Z]|$)/g) ?? [];

describe("the main content of a page", () => {
  it.each(Object.entries(MARKUPS))(
    "of %s has all of its text and nothing else",
    (_name, { html }) => {
      const { main } = pageFacts(html);
      const shown = main === null ? "" : textIn(main, isOut);
      expect(wordsOf(shown)).toEqual(
        [...new Set(wordsOf(html))].filter((word) => word.startsWith("good")),
      );
    },
  );

  it.each(Object.entries(MARKUPS))("of %s is its own source", (_name, { html }) => {
    const { body } = pageFacts(html);
    expect(html).toContain(body);
    expect(body).toMatch(/^<(\w+)[\s\S]*<\/\1>$|^<title>/);
  });

  it.each([
    [
      "the longest of several",
      "<article>one</article><article>two and three</article>",
      "two and three",
    ],
    [
      "a page of VitePress with a layout of its own",
      '<div class="VPPage"><h1>one</h1> <article>two</article></div>other',
      "one two",
    ],
    [
      "all of a list of articles",
      "<main>one <article>two</article> three <article>four</article></main>",
      "one two three four",
    ],
    [
      "an article with articles in it",
      "<main>no <article>one <article>two</article></article></main>",
      "one two",
    ],
    [
      "the next kind if the first has no words",
      "<article> … </article><main>words</main>",
      "words",
    ],
    ["a role", '<div role="main">words</div>other', "words"],
    ["the body without any mark", "<p>words</p>", "words"],
    ["what a site marks", "<main>all <p data-pagefind-body>words</p></main>", "words"],
    ["nothing hidden", "<main hidden>no</main><article hidden>no</article><p>words</p>", "words"],
  ])("is %s", (_what, html, text) => {
    const { main } = pageFacts(html);
    expect(main === null ? null : textIn(main, isOut).trim()).toBe(text);
  });
});

describe("the title of a page", () => {
  it.each(Object.entries(MARKUPS))("of %s is found", (_name, { html, title }) => {
    expect(pageFacts(html).title).toBe(title);
  });

  it.each([
    ["a heading outside the content", "<title>x</title><h1>Page</h1><main>words</main>", "Page"],
    [
      "no heading of the site's header",
      "<title>Page</title><header><h1>Site</h1></header><main>words</main>",
      "Page",
    ],
    [
      "no site's name at the end",
      '<title>Page - Site</title><meta property="og:site_name" content="Site">words',
      "Page",
    ],
    [
      "no site's name at the start",
      '<title>Site: a | Page</title><meta property="og:site_name" content="Site: a">words',
      "Page",
    ],
    ["a whole title of unknown parts", "<title>Left | Right</title>words", "Left | Right"],
    [
      "its beginning for social networks",
      '<title>Page | Part | Site</title><meta property="og:title" content="Page">words',
      "Page",
    ],
    [
      "no other title for social networks",
      '<title>Page</title><meta property="og:title" content="Buy it">words',
      "Page",
    ],
    ["the title for social networks", '<meta property="og:title" content="Page">words', "Page"],
    ["on one line", "<h1>A\n  <em>long</em> title <a href='#x'>#</a></h1>", "A long title"],
    ["none", "<p>words</p>", null],
  ])("is %s", (_what, html, title) => {
    expect(pageFacts(html).title).toBe(title);
  });
});

const page = (head: string, body = "<main>words</main>"): string =>
  `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`;

const STARLIGHT = '<div class="sl-markdown-content">words</div>';

describe("a page is left out", () => {
  it.each([
    ["redirect", page('<meta http-equiv="refresh" content="0; url=/new/">')],
    ["redirect", page("<META HTTP-EQUIV=Refresh CONTENT='0;url=/new/'>")],
    ["noindex", page('<meta name="robots" content="noindex, follow">')],
    ["noindex", page('<meta name="robots" content="none">')],
    ["noindex", page('<meta name="robots" content="nofollow NOINDEX">')],
    ["noindex", page('<meta name="rag" content="false">')],
    ["fallback copy", page("", `<main lang="fr">${STARLIGHT}</main>`)],
    ["index page", page('<meta name="docusaurus_tag" content="blog_posts_list">')],
    ["no content", page("", "<nav>words</nav><script>words</script>")],
    ["no content", ""],
  ])("as %s", (reason, html) => {
    expect(pageFacts(html).leftOut).toBe(reason);
  });

  it.each([
    ["an index for all", page('<meta name="robots" content="index, follow">')],
    ["a limit on previews", page('<meta name="robots" content="index, max-image-preview: none">')],
    ["a word for siterag", page('<meta name="rag" content="true">')],
    ["a word for one search engine", page('<meta name="googlebot" content="noindex">')],
    [
      "a redirect for browsers without scripts",
      page('<noscript><meta http-equiv="refresh" content="0; url=/x"></noscript>'),
    ],
    ["the same language twice", page("", `<main lang="en">${STARLIGHT}</main>`)],
    ["a text in another language than the menu", page("", '<main lang="fr">words</main>')],
    ["a page that loads itself again", page('<meta http-equiv="refresh" content="300">')],
    ["a page of a tag", page('<meta name="docusaurus_tag" content="docs-default-current">')],
    ["another encoding", page('<meta http-equiv="content-type" content="text/html">')],
  ])("not for %s", (_what, html) => {
    expect(pageFacts(html).leftOut).toBeNull();
  });
});

test("a page says its language, version, canonical address and ids", () => {
  const html = page(
    '<link rel="canonical" href="https://example.org/a/?b=1&amp;c=2"><meta name="docsearch:version" content="2.x">',
    '<main data-pagefind-body><h1 id="top">T</h1><a name="old"></a><p id>words</p></main>',
  );
  expect(pageFacts(html)).toMatchObject({
    locale: "en",
    version: "2.x",
    canonical: "https://example.org/a/?b=1&c=2",
    isMarked: true,
    ids: new Set(["top", "old"]),
  });
});

test.each(["current", ""])("the version %j is none", (version) => {
  const html = page(`<meta name="docusaurus_version" content="${version}">`);
  expect(pageFacts(html).version).toBeNull();
});

test.each([
  ["not closed", "<main><p>words"],
  ["nested wrongly", "<main><b><p>words</b></p></main></main>"],
  ["cut in a tag", "<main>words</main><p cla"],
  ["very deep", `<main>${"<div>".repeat(20_000)}words`],
  ["no HTML", "\u0000\uFFFD&#xD800;<<<>>> words"],
])("HTML that is %s is read", (_what, html) => {
  const { main, leftOut } = pageFacts(html);
  expect(leftOut).toBeNull();
  expect(main === null ? "" : textIn(main, isOut)).toContain("words");
});

test("words for browsers without scripts, in the head, are none of the page's", () => {
  const head = "<noscript>Enable <b>scripts</b></noscript><title>Title</title>";
  const { body } = pageFacts(page(head, "<p>words</p>"));
  expect(body).toBe("<body><p>words</p></body>");
});
