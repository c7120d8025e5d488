import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitFrontmatter } from "../../src/content/frontmatter.ts";
import { codePoint } from "../support/code-point.ts";

const READ = [
  ["no frontmatter", "# A\n", {}, "# A\n", 1],
  ["an empty file", "", {}, "", 1],
  ["YAML", "---\ntitle: A\ntags: [x, y]\n---\n# A\n", { title: "A", tags: ["x", "y"] }, "# A\n", 5],
  ["CRLF", "---\r\ntitle: A\r\n---\r\n# A\r\n", { title: "A" }, "# A\r\n", 4],
  ["lone CR", "---\rtitle: A\rb: 1\r---\rB", { title: "A", b: 1 }, "B", 5],
  ["blanks after the fences", "--- \ntitle: A\n---\t\nB", { title: "A" }, "B", 4],
  ["an empty block", "---\n---\nB", {}, "B", 3],
  ["a block of comments", "---\n# nothing\n---\nB", {}, "B", 4],
  ["a block at the end of the file", "---\na: 1\n---", { a: 1 }, "", 4],
  ["TOML", '+++\ntitle = "A"\n[x]\ny = 1\n+++\nB', { title: "A", x: { y: 1 } }, "B", 6],
  ["TOML with CRLF", '+++\r\ntitle = "A"\r\n+++\r\nB', { title: "A" }, "B", 4],
  ["a thematic break alone", "---\n\nText\n", {}, "---\n\nText\n", 1],
  ["a longer thematic break", "----\nText\n---\n", {}, "----\nText\n---\n", 1],
  ["a fence of the other kind", "---\na: 1\n+++\nB", { a: 1 }, "B", 4],
  ["a closing line that goes on", "---\na: 1\n--- b\nB", { a: 1 }, " b\nB", 3],
  ["no closing line", "---\na: 1\n", { a: 1 }, "", 3],
  ["a blank line before the fence", "\n---\na: 1\n---\nB", { a: 1 }, "B", 5],
  ["a fence inside a value", "---\na: b---\n---\nB", { a: "b---" }, "B", 4],
  ["U+2028 before dashes", '---\na: "x\u2028---"\n---\nB', { a: "x\u2028---" }, "B", 4],
  ["a block further down", "A\n---\na: 1\n---\n", {}, "A\n---\na: 1\n---\n", 1],
  ["dates as text", "---\ndate: 2024-01-02\n---\n", { date: "2024-01-02" }, "", 4],
  ["merge keys", "---\na: &a {x: 1}\nb: {<<: *a}\n---\n", { a: { x: 1 }, b: { x: 1 } }, "", 5],
] as const;

const BROKEN = [
  ["a colon too many", "---\ntitle: a: b\n---\nB", /YAML frontmatter is broken at line 2: /],
  ["an open bracket", "---\na: 1\nb: [x\n---\nB", /YAML frontmatter is broken at line \d+: /],
  ["a key given twice", "---\na: 1\na: 2\n---\nB", /broken at line 3: Map keys must be unique\.$/],
  ["an unknown alias", "---\na: *b\n---\nB", /YAML frontmatter is broken at line 2: /],
  ["bad TOML", "+++\na = 1\nb = = 2\n+++\nB", /TOML frontmatter is broken at line 3: /],
] as const;

describe("splitFrontmatter", () => {
  it.each(READ)("reads %s", (_name, source, data, body, bodyLine) => {
    const nothingWrong = { problem: null, unread: "", readings: expect.any(Array) };
    expect(splitFrontmatter(source)).toEqual({ data, body, bodyLine, ...nothingWrong });
  });

  it.each(BROKEN)("names the line of %s and keeps the body", (_name, source, problem) => {
    const split = splitFrontmatter(source);
    expect(split).toMatchObject({ data: {}, body: "B" });
    expect(split.problem).toMatch(problem);
    expect(split.problem).not.toMatch(/\n|\.\.$/);
  });

  it.each(["---\nJust text.\n---\nB", "---\n- a\n---\nB"])("keeps the prose of %j", (source) => {
    expect(splitFrontmatter(source)).toMatchObject({
      body: source,
      bodyLine: 1,
      problem: "The frontmatter that starts at line 2 is not a list of names and values.",
    });
  });

  it("describes the problem in one sentence", () => {
    expect(splitFrontmatter("---\ntitle: a: b\n---\n").problem).toMatchInlineSnapshot(
      `"The YAML frontmatter is broken at line 2: Nested mappings are not allowed in compact mappings."`,
    );
    expect(splitFrontmatter("+++\na = = 2\n+++\n").problem).toMatchInlineSnapshot(
      `"The TOML frontmatter is broken at line 2: invalid value."`,
    );
  });

  it("rejects an alias bomb", () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}]`,
    );
    const split = splitFrontmatter(`---\nl0: &l0 [x]\n${levels.join("\n")}\n---\nB`);
    expect(split).toMatchObject({ data: {}, body: "B" });
    expect(split.problem).toMatch(/YAML frontmatter is broken/);
  });

  it.each([
    "---\n__proto__: {draft: true}\na: 1\n---\n",
    "+++\na = 1\n[__proto__]\ndraft = true\n+++\n",
  ])("does not let %j reach a prototype", (source) => {
    const { data } = splitFrontmatter(source);
    expect(data).toEqual({ a: 1 });
    expect(Object.assign({}, data)).not.toHaveProperty("draft");
    expect({}).not.toHaveProperty("draft");
  });

  it("never throws, and the body is the end of the source that begins on bodyLine", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "---",
        "+++",
        "a: 1",
        'b = "x"',
        "[x",
        "- y",
        "&a",
        "*a",
        "# A",
        " ",
        "\t",
        "é",
      ),
      fc.constantFrom("\n", "\r\n", "\r", "\n---\n", "\r\n---\r\n", "\n+++\n", "---\n", "+++\r\n"),
      fc.string({ unit: codePoint, maxLength: 8 }),
    );
    const source = fc
      .tuple(
        fc.constantFrom("", "---\n", "+++\n", "---\r\n", "---\r"),
        fc.array(piece, { maxLength: 14 }),
      )
      .map(([opening, pieces]) => opening + pieces.join(""));
    fc.assert(
      fc.property(source, (text) => {
        const { body, bodyLine } = splitFrontmatter(text);
        const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
        expect(
          lines
            .slice(bodyLine - 1)
            .join("")
            .endsWith(body),
        ).toBe(true);
        expect(lines.slice(bodyLine).join("").length).toBeLessThanOrEqual(body.length);
      }),
      { numRuns: 3000 },
    );
  });
});
