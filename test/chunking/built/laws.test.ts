import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunksOf, defectsOf, renderedWords, seenWords, sentWords } from "./laws.ts";

/** Words that Markdown may take for syntax, and others. */
const word = fc.oneof(
  { weight: 5, arbitrary: fc.stringMatching(/^[a-z]{1,9}$/) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ..."1. 2) - * + # ## #5 > >> = === --- *** ** *a a* *b* _ _a a_ __init__ snake_case ` `` ``` ~~~ ~ ~a~ | a|b [ ] [a] [^1] [a](b) ](c) ![a](b) ! [x] [!NOTE] &amp;amp; &amp;copy; &amp;#35; &lt;b&gt; &lt;!-- &lt; \\ \\\\ \\a a\\ \\| \\` $ $$ $x$ :: ::: :--- {: {#id} {:.a} import export https://a.b/c_d*e www.a.b a@b.c 日本語 straße 「x」 é ﬁ x&shy;y “a” … — .".split(
        " ",
      ),
    ),
  },
);
const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
const joined = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(""));

const wrap =
  (tag: string, attributes = "") =>
  (inner: string) =>
    `<${tag}${attributes}>${inner}</${tag}>`;
const inline: fc.Arbitrary<string> = fc.letrec<{ inline: string }>((tie) => ({
  inline: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: text },
    joined,
    fc.constant(" "),
    fc.constant("<br>"),
    joined.map(wrap("code")),
    text.map((alt) => `<img alt="${alt.replaceAll('"', "")}" src="a_(b)*c*.png">`),
    fc
      .tuple(
        fc.constantFrom("b", "em", "i", "strong", "del", "span", "kbd", "u", "mark"),
        fc.array(tie("inline"), { maxLength: 3 }),
      )
      .map(([tag, inner]) => wrap(tag)(inner.join(""))),
    fc
      .tuple(
        fc.constantFrom("/a", "b_(c)*d*", "#x", "a b|c"),
        fc.array(tie("inline"), { maxLength: 3 }),
      )
      .map(([href, inner]) =>
        wrap("a", ` href="${href}"`)(inner.join("").replace(/<\/?a\b[^>]*>/g, "")),
      ),
  ),
})).inline;
const line = fc.array(inline, { minLength: 1, maxLength: 4 }).map((all) => all.join(""));

const codeText = fc
  .array(fc.oneof(text, fc.constant(""), fc.constant("  ```"), fc.constant("\tx = 1")), {
    minLength: 1,
    maxLength: 8,
  })
  .map((lines) => `<pre><code class="language-js">${lines.join("\n")}</code></pre>`);
const table = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
  )
  .map(([hasHeader, rows]) => {
    const [first = [], ...rest] = rows.map((row) => row.map(wrap("td")).join(""));
    const header = String(first).replaceAll("td>", "th>");
    return wrap("table")(
      hasHeader
        ? `<thead>${wrap("tr")(header)}</thead>${wrap("tbody")(rest.map(wrap("tr")).join(""))}`
        : wrap("tbody")([String(first), ...rest].map(wrap("tr")).join("")),
    );
  });

const blocks: fc.Arbitrary<string> = fc.letrec<{ blocks: string }>((tie) => ({
  blocks: fc
    .array(
      fc.oneof(
        { maxDepth: 3 },
        { weight: 3, arbitrary: line.map(wrap("p")) },
        line,
        line.map(wrap("div")),
        fc
          .tuple(fc.integer({ min: 1, max: 6 }), line, fc.boolean())
          .map(([depth, inner, hasId]) =>
            wrap(`h${depth}`, hasId ? ` id="id-${depth}"` : "")(inner),
          ),
        codeText,
        table,
        fc
          .tuple(
            fc.constantFrom("ul", "ol", 'ol start="7"'),
            fc.array(tie("blocks"), { minLength: 1, maxLength: 3 }),
          )
          .map(([tag, items]) => `<${tag}>${items.map(wrap("li")).join("")}</${tag.slice(0, 2)}>`),
        tie("blocks").map(wrap("blockquote")),
        tie("blocks").map((inner) => wrap("details")(`<summary>More ${inner}</summary>${inner}`)),
        fc
          .tuple(line, tie("blocks"))
          .map(([term, inner]) => `<dl><dt>${term}</dt><dd>${inner}</dd></dl>`),
        tie("blocks").map(wrap("section")),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.join("\n")),
})).blocks;

const runs = (numRuns: number) => ({ numRuns, interruptAfterTimeLimit: 20_000 });

const MANY_WORDS = "word ".repeat(70);

/** What once broke a law, whole or at 64 tokens. */
const BREAKERS = [
  "<table><tr><td>a</td></tr></table>",
  "<blockquote><h1>{:.a}</h1><p>b</p></blockquote>",
  "<blockquote><h2><b>Note</b></h2><p>b</p></blockquote>",
  '<p><a href="/a"><b>a<br></b><br></a>1.</p>',
  "<p><code>``&lt;b&gt;`</code>1.</p>",
  "<p><del><b>a<br></b>~~~ a</del>1.</p>",
  `<ul><li><h2>a {#id}</h2><p>${MANY_WORDS}</p></li></ul>`,
  `<blockquote><p>import "a.js";</p><p>${MANY_WORDS}</p></blockquote>`,
];

describe("for any built page", () => {
  it.each(BREAKERS)("no law is broken by %s", (html) => {
    expect(defectsOf(html, 64)).toEqual([]);
    expect(sentWords(chunksOf(html, 1e6))).toEqual(seenWords(html));
    expect(renderedWords(chunksOf(html, 1e6))).toEqual(seenWords(html));
  });

  it("an embedding input has exactly the words that a reader sees", () => {
    fc.assert(
      fc.property(blocks, (html) => {
        const chunks = chunksOf(html, 1e6);
        expect(seenWords(html).length === 0 ? [] : sentWords(chunks)).toEqual(seenWords(html));
      }),
      runs(150),
    );
  });

  it("Markdown shows exactly those words of the display text", () => {
    fc.assert(
      fc.property(blocks, (html) => {
        const chunks = chunksOf(html, 1e6);
        expect(seenWords(html).length === 0 ? [] : renderedWords(chunks)).toEqual(seenWords(html));
      }),
      runs(150),
    );
  });

  it.each([64, 512])("chunks of %d tokens break no law", (maxTokens) => {
    fc.assert(
      fc.property(blocks, (html) => {
        expect(defectsOf(html, maxTokens)).toEqual([]);
      }),
      runs(50),
    );
  });
});
