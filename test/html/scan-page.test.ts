import { expect, test } from "vitest";
import { pageFacts } from "../../src/html/page-facts.ts";
import { scanPage } from "../../src/html/scan-page.ts";
import { MARKUPS } from "./markups.ts";

const page = (head: string, body = "<main>words</main>"): string =>
  `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`;

const PAGES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(MARKUPS).map(([name, { html }]) => [name, html])),
  redirect: page('<META HTTP-EQUIV=Refresh CONTENT="0;url=/x">'),
  noindex: page('<meta content="noindex" name="robots">'),
  "rag: false": page("<meta name=rag content=false>"),
  "noindex for one": page('<meta name="googlebot" content="noindex">'),
  "a limit on previews": page('<meta name="robots" content="max-image-preview:none">'),
  "a redirect without scripts": page(
    '<noscript><meta http-equiv="refresh" content="0;url=/x"></noscript>',
  ),
  "a word in a template": page("<template><meta name=robots content=noindex></template>"),
  "fallback copy": page("", '<main class="a" lang=fr><p class="sl-markdown-content">words</main>'),
  "another language": page("", "<main lang=fr>words</main>"),
  "a page that loads itself again": page('<meta http-equiv="refresh" content="300">'),
  canonical: page("<link href='/a/' rel='canonical'>"),
  "mark without quotes": page("", "<div data-pagefind-body>words</div>"),
  "mark in text": page("", "<main>data-pagefind-body</main>"),
  "mark in an attribute": page("", '<main title="<a data-pagefind-body>">words</main>'),
  "search page": page("", "<main><h1>Search</h1><form><input name=q></form></main><p>words</p>"),
  "search field elsewhere": page("", '<main>words</main><input type="search"><main>w</main>'),
  "page about searching": page("", `<main><input type="search">${"word ".repeat(41)}</main>`),
  "index page": page(
    "",
    '<div role="main">A<div></div><table class="a genindextable"></table></div>',
  ),
  "search field beside a card": page(
    "",
    '<main><article>a</article><input type="search"><article>words</article></main>',
  ),
  "search field beside an article in an article": page(
    "",
    '<main><input type="search"><article>a <article>words</article></article></main>',
  ),
  "another table": page("", '<main>indextable<table class="x"></table></main>'),
  "no words": page("", "<main><!-- words --></main>"),
};

test.each(Object.entries(PAGES))("a scan says the same of a page as a parse: %s", (_name, html) => {
  const { canonical, isMarked, leftOut, sameness } = scanPage(html);
  const facts = pageFacts(html);
  expect({ canonical, isMarked }).toEqual({ canonical: facts.canonical, isMarked: facts.isMarked });
  expect(leftOut).toBe(facts.leftOut === "no content" ? null : facts.leftOut);
  expect(sameness === null).toBe(facts.main === null);
});

const samenessOf = (html: string): string | null => scanPage(html).sameness;

test.each([
  [
    "with other navigation",
    page("", "<nav>a</nav><main>words</main>"),
    page("", "<nav>b</nav><main>words</main>"),
  ],
  [
    "with other links",
    page("", '<main><a href="../a">words</a></main>'),
    page("", '<main><a href="a">words</a></main>'),
  ],
  ["in another language", page(""), page("").replace('lang="en"', 'lang="fr"')],
  ["with another title in its head", page("<title>a</title>"), page("<title>b</title>")],
])("a page %s is the same", (_what, one, other) => {
  expect(samenessOf(one)).toBe(samenessOf(other));
  expect(samenessOf(one)).not.toBeNull();
});

test.each([
  ["with another word", page(""), page("", "<main>other</main>")],
  [
    "with another heading above its content",
    page("", "<h1>a</h1><main>words</main>"),
    page("", "<h1>b</h1><main>words</main>"),
  ],
  [
    "of another version",
    page('<meta name="docusaurus_version" content="1">'),
    page('<meta name="docusaurus_version" content="2">'),
  ],
])("a page %s is another", (_what, one, other) => {
  expect(samenessOf(one)).not.toBe(samenessOf(other));
});
