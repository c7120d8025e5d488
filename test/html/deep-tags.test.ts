import { describe, expect, it } from "vitest";
import { parseHtml } from "../../src/html/parse-html.ts";
import { elementsIn, textIn } from "../../src/html/elements.ts";
import { withoutDeepTags } from "../../src/html/deep-tags.ts";

const DEEP = 20_000;

describe("tags that are nested too deeply", () => {
  it.each([
    ["blocks", "<div>".repeat(DEEP), "</div>".repeat(DEEP)],
    ["marks without an end", "<b>".repeat(DEEP), ""],
    ["tables in tables", "<table><tr><td>".repeat(DEEP), ""],
    ["lists in lists", "<ul><li>".repeat(DEEP), ""],
    ["unknown elements", "<x-y>".repeat(DEEP), "</x-y>".repeat(DEEP)],
  ])("are left out of %s, and the text stays", (_, before, after) => {
    const html = `${before}word${after}`;
    const shallow = withoutDeepTags(html);
    expect(shallow).toHaveLength(html.length);
    expect(textIn(parseHtml(shallow)).trim()).toBe("word");
  });

  it("are bounded where a parser would open them again in each paragraph", () => {
    const html = Array.from({ length: 2000 }, (_, at) => `<p><b id="${at}">w`).join("");
    const elements = [...elementsIn(parseHtml(withoutDeepTags(html)))];
    expect(elements.length).toBeLessThan(2000 * 15);
  });

  it("do not part a word", () => {
    const html = `${"<i>".repeat(DEEP)}w<b title=">">or</b><span>d</span>`;
    expect(textIn(parseHtml(withoutDeepTags(html)))).toBe("word");
  });

  it.each([
    ["a page of many neighbours", "<p>a<b>b</b></p>".repeat(2000)],
    ["elements without end tags", "<ul>".concat("<li>a<p>b".repeat(2000), "</ul>")],
    [
      "tags in comments, scripts and attributes",
      `<!-- ${"<div>".repeat(500)} --><script>${"<b>".repeat(500)}</script><p title="${"<div>".repeat(500)}">`,
    ],
    ["end tags without a start", "</div></b>".repeat(500)],
    ["elements that another one closes", "<div><section><em>a</section></em></div>".repeat(2000)],
    ["links without an end", "<a name=x>a".repeat(2000)],
  ])("are none in %s", (_, html) => {
    expect(withoutDeepTags(html)).toBe(html);
  });
});
