import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalisedText } from "../../src/chunking/normalised-text.ts";
import { tokenUnits } from "../../src/chunking/tokens.ts";
import { read, visibleText, wordsOf } from "./laws/reading.ts";

const TICKS = "```";

describe("running text", () => {
  it.each([
    ["a link", "See [the **docs**](https://example.org/a_(b) 'Title') now.", "See the docs now."],
    ["a link with attributes", '[docs](/a){target="_blank" .button}!', "docs!"],
    ["an image with attributes", "![a](b.png){width=50%}", "a"],
    ["braces that are no attributes", "[docs](/a){name}", "docs{name}"],
    ["an image", "A![a *red* chart](chart.png)B ![](b.png)", "A a red chart B"],
    ["a linked image", "[![build](badge.svg)](https://ci.example.org)", "build"],
    ["an address that is its own text", "<https://example.org/_a_>", "https://example.org/_a_"],
    ["no link", "[a] [b](c d) (/e) [f]( ![", "[a] [b](c d) (/e) [f]( !["],
    ["emphasis", "*a* **b** ***c*** _d_ ~~e~~ f**g**h", "a b c d e fgh"],
    ["no emphasis", "2 * 3 snake_case **open 4 * 5", "2 * 3 snake_case **open 4 * 5"],
    ["code, as written", "`a*b*` ``c`d`` `“…”` `[x](y)`", "a*b* c`d “…” [x](y)"],
    ["escapes", "\\*a\\* \\# b\\\nc \\d", "*a* # b c \\d"],
    ["typographic signs", "“a” ‘b’ don’t c–d — e…", "\"a\" 'b' don't c-d - e..."],
    ["a footnote", "Text.[^1]\n\n[^1]: *Note* of it", "Text.\nNote of it"],
    ["a footnote behind an exclamation mark", "Look![^1]\n\n[^1]: Note", "Look!\nNote"],
    ["lines of a paragraph", "one\n  two  \nthree", "one two three"],
  ])("of %s", (_, markdown, expected) => {
    expect(normalisedText(markdown)).toBe(expected);
  });
});

describe("blocks", () => {
  it.each([
    ["headings", "# A #\n\n## `b` *c*\n\ntext", "A\n\nb c\n\ntext"],
    ["a heading like an attribute list", "# {:.a}\n\ntext", "{:.a}\n\ntext"],
    ["a heading like the label of a box", "## **Note**\n\ntext", "Note\n\ntext"],
    ["lists", "- a\n- [ ] b\n  more\n  1. c\n\n     d\n10) e", "a\nb more\nc\n\nd\ne"],
    ["a year at the start of a line", "born in\n1986. A year", "born in 1986. A year"],
    ["quotations", "> a\n> > b\nlazy\n\nc", "a\n\nb lazy\n\nc"],
    ["an alert", "> [!NOTE]\n> Read this.", "Read this."],
    ["an alert with a title", "> [!TIP] On time\n> Read this.", "On time Read this."],
    ["an attribute list", "Read this.\n{: .note #a}\n\n{: .b }", "Read this."],
    ["the default label of a box", "**Tip**\n\nRead **this**.", "Read this."],
    ["the author's label of a box", "**Read this**\n\nfirst", "Read this\n\nfirst"],
    ["a table", "| A | [b](/b) |\n| --- | :-: |\n| `a\\|b` | |\n| c | *d* |", "A b\na|b\nc d"],
    ["rules", "a\n\n---\n\n* * *\n\nb", "a\n\nb"],
    ["math", "$$\na_b*c*\n$$", "a_b*c*"],
    [
      "code",
      `${TICKS}ts title="a"\nconst a = "*b*"; // “c”\n\n  d\n${TICKS}`,
      'const a = "*b*"; // “c”\n\n  d',
    ],
    ["code in a list", `- a\n\n  ${TICKS}\n    b\n  ${TICKS}\n- c`, "a\n\n  b\nc"],
    ["code that a list ends", `- ${TICKS}\n  *a*\n\n*b*`, "*a*\n\nb"],
    ["indented code in a list", "- a\n\n      *b*", "a\n\n*b*"],
    ["a comment that names the file", `${TICKS}js\n// src/a.config.js\nb();\n${TICKS}`, "b();"],
    ["another comment", `${TICKS}js\n// of a.js\nb();\n${TICKS}`, "// of a.js\nb();"],
  ])("of %s", (_, markdown, expected) => {
    expect(normalisedText(markdown)).toBe(expected);
  });

  it("leaves out each repeated heading once, and no other text", () => {
    const markdown = "# Guide\n\nGuide\n\n## In*stall*\n\n### Install\n\ntext";
    expect(normalisedText(markdown, ["Guide", "Install"])).toBe("Guide\n\nInstall\n\ntext");
  });
});

/** Signs of Markdown between words, in any order. */
const scraps = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.stringMatching(/^[a-z]{1,4}$/) },
      fc.constantFrom("*", "**", "_", "~~", "`", "``", "[", "]", "](", "](/url)", ")", "!["),
      fc.constantFrom(" ", "\n", "\n\n", "\\", "# ", "- ", "1. x ", "> ", "    ", "|", "é", "。"),
      fc.constantFrom(`\n${TICKS}\n`, "\n~~~\n", '("t")', " 'u'", "\n| a | b |\n|-|-|\n"),
    ),
  )
  .map((all) => all.join(""));

describe("for any text", () => {
  it("words are those that a Markdown reader shows", () => {
    fc.assert(
      fc.property(scraps, (markdown) => {
        const tree = read(markdown, "md");
        const seen = tree === null ? "" : visibleText(tree);
        expect(wordsOf(normalisedText(markdown)).toSorted()).toEqual(wordsOf(seen).toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it("plain text stays as it is", () => {
    const word = fc.stringMatching(/^[\p{L}\p{N}.,;:?'"()-]*[\p{L}]$/u);
    const line = fc.array(word, { minLength: 1 }).map((words) => words.join(" "));
    const text = fc.array(line, { minLength: 1 }).map((lines) => lines.join("\n\n"));
    fc.assert(
      fc.property(text, (plain) => {
        const once = normalisedText(plain);
        expect(normalisedText(once)).toBe(once);
      }),
    );
  });

  it("parts cost together no less than the whole", () => {
    fc.assert(
      fc.property(fc.array(scraps), (parts) => {
        const cost = (text: string): number => tokenUnits(normalisedText(text));
        const closed = parts.map((part) => part.replaceAll(/[`~]{3}/g, "").trim());
        const sum = closed.reduce((total, part) => total + cost(part) + 114, 0);
        expect(cost(closed.join("\n\n"))).toBeLessThanOrEqual(sum);
      }),
    );
  });
});
