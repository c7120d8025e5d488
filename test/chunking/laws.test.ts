import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { defectsOf } from "./laws/defects.ts";
import { pageOf } from "./page.ts";
import { codePoint } from "../support/code-point.ts";

const word = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z]{1,9}$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "straße",
      "日本語",
      "данные",
      "🎉",
      "`code`",
      "[link](/a)",
      "**bold**",
      "1.",
      "-",
      "#",
      "x".repeat(120),
    ),
  },
);
const sentence = fc
  .array(word, { minLength: 1, maxLength: 14 })
  .map((words) => `Note ${words.join(" ")}.`);
const paragraph = fc.array(sentence, { minLength: 1, maxLength: 6 }).map((all) => all.join(" "));
const heading = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.array(word, { minLength: 1, maxLength: 4 }))
  .map(([depth, words]) => `${"#".repeat(depth)} Head ${words.join(" ")}`);
const fence = fc
  .tuple(
    fc.constantFrom("```", "~~~", "`````"),
    fc.constantFrom("", "js", 'bash title="a b"'),
    fc.array(fc.oneof(sentence, fc.constant(""), fc.constant("# comment")), { maxLength: 20 }),
  )
  .map(([marker, info, lines]) =>
    [
      `${marker}${marker[0] === "~" ? info : info}`,
      ...lines.map((line) => line.replaceAll("`", "'")),
      marker,
    ].join("\n"),
  );
const table = fc
  .array(fc.tuple(sentence, sentence), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    ["| Name | Use |", "|---|:-:|", ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n"),
  );
const list = fc
  .array(paragraph, { minLength: 1, maxLength: 8 })
  .chain((items) =>
    fc.constantFrom("- ", "1. ", "* ").map((mark) => items.map((item) => mark + item).join("\n")),
  );
const indent = (block: string) => block.replace(/^(?=.)/gm, "  ");
const nested = fc.tuple(paragraph, fence, list).map(([text, code, items]) => {
  return `- ${text}\n\n${indent(code)}\n\n${indent(items)}`;
});
const quote = fc.oneof(paragraph, list).map((text) => `> ${text.replaceAll("\n", "\n> ")}`);
const container = fc
  .tuple(fc.constantFrom("::: tip", ":::note[Read this]", "::: details More"), paragraph)
  .map(([open, text]) => `${open}\n\n${text}\n\n:::`);
const html = fc.constantFrom(
  "<details>\n<summary>More of it</summary>\n\nInside.\n\n</details>",
  "<!-- secret -->",
  "<div>\n  Raw <b>text</b>\n</div>",
);

const blocks = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: heading },
    { weight: 4, arbitrary: paragraph },
    fence,
    table,
    list,
    nested,
    quote,
    container,
    html,
  ),
  { minLength: 1, maxLength: 12 },
);
const markdown = blocks.map((all) => all.join("\n\n"));
const limit = fc.constantFrom(48, 64, 96, 160, 512);

/** The time limit stops shrinking early, so a broken law fails in time without the smallest case. */
const runs = (numRuns: number) => ({ numRuns, interruptAfterTimeLimit: 20_000 });

const HEADINGS = "# Head straße a\n\n# Head aaaaaaaa\n\n## Head a a a a\n\n";
const COMMENTS = "# comment\n";
/** The headings leave no room in their part for the block, which must not be cut smaller for that. */
const HEADINGS_WITHOUT_ROOM = [
  `${HEADINGS}- Note a a straße a straße a a. Note straße.\n\n${indent(`\`\`\`\n${COMMENTS.repeat(5)}\`\`\``)}`,
  `${HEADINGS}\`\`\`\n${COMMENTS.repeat(6)}\`\`\`\n`,
];

/** A page with a heading for each text. */
const partsPage = (texts: readonly string[]) =>
  pageOf(texts.map((text, index) => `## Part ${index + 1}\n\n${text}`).join("\n\n"));

describe("for any documentation page", () => {
  it("every law holds", () => {
    fc.assert(
      fc.property(markdown, limit, (body, maxTokens) => {
        const page = pageOf(body, { bodyLine: 5 });
        expect(
          defectsOf(page, chunkPage(page, { maxTokens, overlapTokens: 0 }), maxTokens),
        ).toEqual([]);
      }),
      { ...runs(40), examples: HEADINGS_WITHOUT_ROOM.map((body): [string, number] => [body, 48]) },
    );
  });

  it("every law holds with overlap", () => {
    fc.assert(
      fc.property(markdown, fc.constantFrom(64, 160), (body, maxTokens) => {
        const page = pageOf(body);
        const chunks = chunkPage(page, { maxTokens, overlapTokens: maxTokens / 4 });
        expect(defectsOf(page, chunks, maxTokens)).toEqual([]);
      }),
      runs(40),
    );
  });

  it("the same page gives the same chunks", () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const options = { maxTokens: 64, overlapTokens: 16 };
        expect(chunkPage(pageOf(body), options)).toEqual(chunkPage(pageOf(body), options));
      }),
      runs(25),
    );
  });

  it("CRLF gives the same chunks", () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const options = { maxTokens: 96, overlapTokens: 0 };
        const expected = chunkPage(pageOf(body), options);
        expect(chunkPage(pageOf(body.replaceAll("\n", "\r\n")), options)).toEqual(expected);
      }),
      runs(25),
    );
  });

  it("an edit of one section does not change ids and texts of the others", () => {
    const bodies = fc.array(paragraph, { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(bodies, paragraph, (texts, edited) => {
        const options = { maxTokens: 64, overlapTokens: 0 };
        const long = texts.map((text) => `${text} ${"More words of it follow here. ".repeat(12)}`);
        const others = (all: readonly string[]) =>
          chunkPage(partsPage(all), options)
            .filter((chunk) => !chunk.id.includes("#part-2"))
            .map(({ id, url, text }) => ({ id, url, text }));
        expect(others(long.with(1, `${edited} ${"Another line. ".repeat(40)}`))).toEqual(
          others(long),
        );
      }),
      runs(40),
    );
  });

  it("any text is cut into chunks within the limit", () => {
    const text = fc
      .array(
        fc.oneof(
          fc.string({ unit: codePoint }),
          fc.constantFrom(
            "\n",
            "\n\n",
            "```",
            "> ",
            "- ",
            "|",
            "\0",
            "\r",
            "    ",
            "<a",
            "# ",
            ":::",
            "$$",
            "[x]: y",
            "<!--",
          ),
        ),
      )
      .map((all) => all.join(""));
    fc.assert(
      fc.property(text, fc.constantFrom("md", "mdx"), (body, format) => {
        const chunks = chunkPage(pageOf(body, { format }), { maxTokens: 48, overlapTokens: 0 });
        expect(chunks.filter((chunk) => chunk.tokens > 48)).toEqual([]);
        expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(chunks.length);
      }),
      runs(200),
    );
  });
});
