import { expect, it } from "vitest";
import { pageFacts } from "../../src/html/page-facts.ts";

const leftOut = (main: string): string | null =>
  pageFacts(`<body><header><input type="search"></header>${main}</body>`).leftOut;

it.each([
  ['<main><h1>Search</h1><form><input type="search"></form></main>', "search page"],
  ["<main><h1>Search</h1><siterag-search-page></siterag-search-page></main>", "search page"],
  ['<div role="main"><h1>Search</h1><p>All words.</p><input name="q"></div>', "search page"],
  ['<main><h1>Index</h1><table class="indextable genindextable"></table></main>', "index page"],
])("%s holds no text of its own", (main, why) => {
  expect(leftOut(main)).toBe(why);
});

it.each([
  ["a page about searching", `<main><input type="search"><p>${"word ".repeat(41)}</p></main>`],
  ["a short page whose field is outside of its content", "<main><p>Nothing.</p></main>"],
  ["a short page without marks", "<p>Nothing.</p>"],
  ["a table", '<main><table class="docutils"><tr><td>One</td></tr></table></main>'],
])("%s is a page", (_what, main) => {
  expect(leftOut(main)).toBeNull();
});
