import { expect, it } from "vitest";
import { pageFacts } from "../../src/html/page-facts.ts";
import { wordsOfHtml } from "../../src/verifying/words-of-html.ts";

const requiredIn = (main: string): readonly string[] => [
  ...wordsOfHtml(pageFacts(`<main>${main}</main>`)).required.counts.keys(),
];

it.each([
  ["labels of tabs", "<label>Debian</label><label>macOS</label>", ["debian", "macos"]],
  [
    "the parts of a card",
    '<span><a>Settings</a><span class="description">All</span></span>',
    ["settings", "all"],
  ],
  ["parts of a word", "<b>De</b><i>bian</i>", ["debian"]],
  [
    "a footnote of Sphinx",
    '<aside><span class="label"><span class="fn-bracket">[</span>2<span>]</span></span> Measured</aside>',
    ["measured"],
  ],
])("reads %s", (_what, main, words) => {
  expect(requiredIn(main)).toEqual(words);
});
