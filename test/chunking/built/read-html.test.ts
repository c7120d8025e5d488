import { describe, expect, it } from "vitest";
import { readHtml } from "../../../src/chunking/built/read-html.ts";
import { shownBlocks } from "../../../src/chunking/normalised-text.ts";
import { chunksOf } from "./laws.ts";

const texts = (html: string): string[] => readHtml(html).blocks.map(({ text }) => text);

describe("anchors of built pages", () => {
  it.each([
    ["its own id", '<h2 id="own">A</h2>', "own"],
    ["an id in it", '<h2>A<a id="inner" href="#inner"></a></h2>', "inner"],
    ["a name in it", '<h2><a name="old"></a>A</h2>', "old"],
    [
      "the section that it begins",
      '<section id="part"><span id="x"></span><h2>A</h2></section>',
      "part",
    ],
    [
      "the section of older versions of Sphinx",
      '<div class="section" id="part"><h2>A</h2></div>',
      "part",
    ],
    [
      "its own before that of the section",
      '<section id="part"><h2 id="own">A</h2></section>',
      "own",
    ],
  ])("are %s", (_, html, anchor) => {
    const [chunk] = chunksOf(`<p>Before</p>${html}<p>Text</p>`, 512);
    expect(chunk?.sections.at(-1)).toMatchObject({ heading: "A", anchor });
  });

  it.each([
    ["the heading of a page without ids", "<h1>A</h1><p>Text</p>"],
    ["a heading of a page without any", "<h2>A</h2><p>Text</p>"],
    ["a heading behind the text of its section", '<section id="part"><p>x</p><h2>A</h2></section>'],
  ])("are never made up for %s", (_, html) => {
    const [chunk] = chunksOf(html, 512);
    expect(chunk?.sections.at(-1)).toMatchObject({ heading: "A", anchor: null });
    expect(chunk?.url).toBe("/guide/page/");
  });

  it("keep an id as it stands, also twice", () => {
    const html = '<h2 id="Ä b">A</h2><p>x</p><h2 id="Ä b">A</h2><p>y</p>';
    const anchors = chunksOf(html, 512).flatMap(({ sections }) =>
      sections.map(({ anchor }) => anchor),
    );
    expect(anchors).toEqual(["Ä b", "Ä b"]);
  });

  it("are those of headings in lists, too", () => {
    const html = '<ul><li>One</li><li><h3 id="in-list">Inner</h3><p>Text</p></li></ul>';
    expect(chunksOf(html, 512)[0]?.sections.map(({ anchor }) => anchor)).toEqual([null, "in-list"]);
  });

  it("make bold text of a heading without an id where others have one", () => {
    expect(texts('<h2 id="a">A</h2><h4>Box</h4><p>Text</p>')).toEqual(["## A", "**Box**", "Text"]);
  });
});

describe("tabs of built pages", () => {
  const list = (tabs: string) => `<div role="tablist">${tabs}</div>`;
  const tab = (attributes: string, label: string) =>
    `<button role="tab" ${attributes}>${label}</button>`;
  const panel = (attributes: string, text: string) =>
    `<div role="tabpanel" ${attributes}><p>${text}</p></div>`;
  it.each([
    [
      "by the tab that a panel names",
      tab('id="b"', "B") + tab('id="a"', "A"),
      panel('aria-labelledby="a"', "1") + panel('aria-labelledby="b" hidden', "2"),
    ],
    [
      "by the panel that a tab names",
      tab('aria-controls="q"', "B") + tab('aria-controls="p"', "A"),
      panel('id="p"', "1") + panel('id="q" hidden', "2"),
    ],
    ["by their order", tab("", "A") + tab("", "B"), panel("", "1") + panel("hidden", "2")],
  ])("have their label before them, found %s", (_, tabs, panels) => {
    expect(texts(`<div>${list(tabs)}${panels}</div>`)).toEqual(["**A**", "1", "**B**", "2"]);
  });

  it("are matched in the nearest element, so that inner ones keep their labels", () => {
    const inner = `<div>${list(tab("", "X") + tab("", "Y"))}${panel("", "1")}${panel("", "2")}</div>`;
    const html = `<div>${list(tab("", "A") + tab("", "B"))}${panel("", "0").replace("</p>", `</p>${inner}`)}${panel("", "3")}</div>`;
    expect(texts(html)).toEqual(["**A**", "0", "**X**", "1", "**Y**", "2", "**B**", "3"]);
  });

  it("show the label of a tab whose panel is not there", () => {
    expect(
      texts(`<div>${list(tab("", "A") + tab("", "B"))}${panel("", "1")}</div>`).join(" "),
    ).toContain("B");
  });
});

describe("display text of built pages", () => {
  it.each([
    ["<p>a<b>b</b>c</p>", "a**b**c"],
    ["<p><b>「a」</b>は</p>", "「a」は"],
    ["<p><b>a</b><b>b</b></p>", "**ab**"],
    ["<p>x<em>y</em></p>", "xy"],
    ["<p> <b> a </b>b</p>", "**a** b"],
    ["<p><code>a``b</code> <code>`</code></p>", "`a``b` `` ` ``"],
    ["<p>5 * 3 snake_case [1] a_</p>", "5 * 3 snake_case [1] a\\_"],
    ["<p><a href='/a b_(c)'>x]</a></p>", "[x\\]](/a%20b_%28c%29)"],
    [
      "<p><a href='javascript:x'>x</a> <img src='data:image/png;base64,xx' alt='y'></p>",
      "[x]() ![y]()",
    ],
    ["<p>Hi!<a href='/x'>x</a>{.y}</p>", "Hi\\![x](/x)\\{.y}"],
    ["<p>1. a<br># b<br>+ c</p>", "1\\. a\n\\# b\n\\+ c"],
    ["<p>www.a.b<img src=x alt=c></p>", "www\\.a.b![c](x)"],
    ["<p>a $$ b $$ c</p>", "a \\$\\$ b \\$\\$ c"],
    ["<table><tr><th><code>a\\|</code></table>", "| a\\\\\\| |\n| --- |"],
    ["<ul><li>a<ol start=7><li>b</ol></ul>", "- a\n\n  7. b"],
    ["<h2>C #</h2>", "## C \\#"],
    [
      "<table><tr><th>a|b</th></tr><tr><td><code>|</code></td></tr></table>",
      "| a\\|b |\n| --- |\n| `\\|` |",
    ],
    [
      "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
      "| | |\n| --- | --- |\n| a | b |\n| | c |",
    ],
    ["<ol start=3><li>a<ul><li>b</ul><li>c</ol>", "3. a\n   - b\n4. c"],
    ["<ul><li><p>a</p><pre>x\n\n y</pre></li></ul>", "- a\n\n  ```\n  x\n\n   y\n  ```"],
    ["<pre><i style='user-select:none'>1</i>a</pre>", "```\na\n```"],
    ["<pre>```\n</pre>", "````\n```\n````"],
    [
      "<div class=vp-code-block-title><div class=vp-code-block-title-bar><span class=vp-code-block-title-text>a.js</span></div><div class=language-js><pre>b</pre></div></div>",
      '```js title="a.js"\nb\n```',
    ],
    ["<blockquote><p>a</p><blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"],
  ])("of %s is %s", (html, text) => {
    expect(texts(html)).toEqual([text]);
    expect(shownBlocks(text)).not.toEqual([]);
  });
});

describe("broken pages", () => {
  it("nested too deeply keep their text, with a warning", () => {
    const warnings: string[] = [];
    const html = `${"<div><ul><li>".repeat(10_000)}<p>word</p>`;
    const { blocks } = readHtml(html, (problem) => warnings.push(problem));
    expect(blocks.map(({ text }) => text).join("")).toContain("word");
    expect(warnings).toEqual(["nested too deeply; its deepest elements are read as text"]);
  });

  it.each([
    ["tags without an end", "<p>a <b>b<p>c</i> d"],
    ["a tag that never ends", "<p>a b c d</p><a href="],
    ["blocks in marks", "<b><p>a</p><div>b</div></b> c <a href=x><h2>d</h2></a>"],
    ["text in a table", "<table>a<tr>b<td>c d</table>"],
    ["items without a list", "<li>a b<li>c d"],
  ])("with %s keep their words", (_, html) => {
    const words = chunksOf(html, 512).map(({ text }) =>
      text.match(/[a-z]/g)?.filter((word) => /[abcd]/.test(word)),
    );
    expect(words.flat()).toEqual(expect.arrayContaining(["a", "b", "c", "d"]));
  });

  it.each(["", " ", "<!-- a -->", "<p></p>", "<nav>a</nav>", "\0"])(
    "of %j have no chunk of their own words",
    (html) => {
      expect(readHtml(html).blocks).toEqual([]);
    },
  );
});
