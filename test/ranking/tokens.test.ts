import { assert, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { foldWord } from "../../src/ranking/fold.ts";
import { tokensOf } from "../../src/ranking/tokens.ts";
import { codePoint } from "../support/code-point.ts";

/** The terms of a text with their positions. */
const placed = (text: string): string =>
  tokensOf(text)
    .map(({ position, term }) => `${term}@${position}`)
    .join(" ");

describe("a text is cut into terms", () => {
  test.each([
    ["words as written", "One word, two words.", "one@0 word@1 two@2 words@3"],
    ["accents and case folded", "Größe ÜBER café", "grosse@0 uber@1 cafe@2"],
    ["composed or not", "cafe\u0301", "cafe@0"],
    [
      "a camelCase name and its parts",
      "maxParallelRequests",
      "maxparallelrequests@0 max@0 parallel@1 requests@2",
    ],
    ["an initial before a name", "IWalkBehavior", "iwalkbehavior@0 i@0 walk@1 behavior@2"],
    ["the plural of an abbreviation", "APIs", "apis@0"],
    [
      "a name with signs, its words, and the words after it",
      "foo_bar.baz is",
      "foo_bar.baz@0 foo@0 bar@1 baz@2 is@3",
    ],
    ["a name without its hyphen", "pre-bundling", "pre-bundling@0 prebundling@0 pre@0 bundling@1"],
    ["an option", "--dry-run", "--dry-run@0 dry@0 run@1"],
    ["a package", "@acme/table-kit", "@acme/table-kit@0 acme@0 table@1 kit@2"],
    ["signs that tell languages apart", "C++, C#, C.", "c++@0 c@0 c#@1 c@1 c@2"],
    ["a dot before a name", "on .NET", "on@0 .net@1 net@1"],
    ["operators", "a ||> b ?? c", "a@0 ||>@1 b@2 ??@3 c@4"],
    ["an operator between words", "x??y", "x@0 ??@1 y@2"],
    ["a version with and without its v", "v1.2.3 and 1.2.30.", "v1.2.3@0 1.2.3@0 and@1 1.2.30@2"],
    ["what an apostrophe ties", "where's what’s don't", "where@0 what@1 dont@2"],
    ["elided French articles", "l'API d'incrémenter", "api@0 incrementer@1"],
    ["Chinese as pairs", "安装软件", "安装@0 装软@1 软件@2 件@3"],
    ["one Chinese character", "用 npm", "用@0 npm@1"],
    ["Chinese beside a name", "在import.meta里", "在@0 import.meta@1 import@1 meta@2 里@3"],
    ["kana as pairs", "データ", "デー@0 ータ@1"],
    ["Thai as pairs", "คู่มือ", "คู@0 ู่@1 ่ม@2 มื@3 ือ@4"],
    ["Korean as words", "서버에서 오류", "서버에서@0 오류@1"],
    ["an Arabic noun without its article", "الخادم", "الخادم@0 خادم@0"],
    ["a word with a soft hyphen and a BOM", "\uFEFFsoft\u00ADware", "software@0"],
    ["no terms in dashes between words", "one - two — three", "one@0 two@1 three@2"],
    ["nothing in an empty text", " \n\t", ""],
  ])("%s", (_, text, terms) => {
    expect(placed(text)).toBe(terms);
  });
});

test("a long path is found by its words, and takes no room as a whole", () => {
  const terms = tokensOf("src/a/b/c/d/e/f/widgets/grid.ts").map(({ term }) => term);
  expect(terms).toEqual(["src", "a", "b", "c", "d", "e", "f", "widgets", "grid", "ts"]);
});

/** Texts that mix scripts, signs and invisible characters. */
const texts = oneof(
  string({ unit: codePoint, maxLength: 200 }),
  string({
    unit: constantFrom(...Array.from("aBcÉß1 ._-+#:'’\u00AD安装データ서버คู่الخ😀|?>")),
    maxLength: 60,
  }),
);

test("for any text, terms are in order and point at the words that they come from", () => {
  assert(
    property(texts, (text) => {
      let before = 0;
      for (const { end, position, start, term } of tokensOf(text)) {
        expect(term).not.toBe("");
        expect(position).toBeGreaterThanOrEqual(before);
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
        const bare = foldWord(text.slice(start, end)).replaceAll(/[^\p{L}\p{M}\p{N}]/gu, "");
        expect(bare).toContain(term.replaceAll(/[^\p{L}\p{M}\p{N}]/gu, ""));
        before = position;
      }
    }),
  );
});

test("a long text without a space in a script of pairs is read to its end", () => {
  expect(tokensOf("漢字".repeat(70_000)).at(-1)?.end).toBe(140_000);
});
