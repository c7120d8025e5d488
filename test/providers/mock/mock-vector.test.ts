import { assert, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { mockVector } from "../../../src/providers/mock/mock-vector.ts";
import { codePoint } from "../../support/code-point.ts";

const DIMENSIONS = 768;

function similarity(one: string, other: string): number {
  const [left, right] = [mockVector(one, DIMENSIONS), mockVector(other, DIMENSIONS)];
  return left.reduce((sum, number, at) => sum + number * (right[at] ?? 0), 0);
}

test("any text at all has a vector of unit length", () => {
  assert(
    property(
      string({ unit: codePoint, maxLength: 300 }),
      constantFrom(8, 64, 768, 3072),
      (text, dimensions) => {
        const vector = mockVector(text, dimensions);
        expect(vector).toHaveLength(dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      },
    ),
    { numRuns: 200 },
  );
});

test.for(["", " ", "\n\t", "!?…", "🦊", "\ud800", "a ".repeat(50_000), "x".repeat(100_000)])(
  "the extreme text %# has a vector of unit length",
  (text) => {
    expect(Math.hypot(...mockVector(text, DIMENSIONS))).toBeCloseTo(1, 5);
  },
);

test("the same text has the same vector on every machine", () => {
  const vector = mockVector("Install the package with npm. Größe, 漢字.", 8);
  expect(mockVector("Install the package with npm. Größe, 漢字.", 8)).toEqual(vector);
  const golden = [0.1927, 0.106, 0.1586, 0.2845, -0.5932];
  expect(Array.from(vector.slice(0, 5), (number) => Number(number.toFixed(4)))).toEqual(golden);
});

test.for([
  { text: "Install the package", same: "INSTALL THE PACKAGE", what: "case" },
  { text: "Install the package", same: "the package: install!", what: "order and punctuation" },
  { text: "Größe", same: "Gro\u0308ße", what: "the form of its letters" },
  { text: "ＡＢＣ ﬁle", same: "abc file", what: "compatibility forms" },
])("$what of a text does not matter", ({ text, same }) => {
  expect(similarity(text, same)).toBeCloseTo(1, 5);
});

test.for([
  {
    what: "shared words",
    text: "How do I install the package?",
    near: "Install the package with npm.",
    far: "Deploying to a static host",
  },
  {
    what: "inflection",
    text: "install plugins",
    near: "installation of a plugin",
    far: "search results",
  },
  {
    what: "misspelling",
    text: "configuration",
    near: "configuraton",
    far: "deployment",
  },
  { what: "German inflection", text: "Übersetzung", near: "Übersetzungen", far: "Überblick" },
  { what: "umlauts", text: "größere Schriften", near: "größer", far: "Bild und Ton" },
  { what: "Chinese", text: "如何安装软件包", near: "安装", far: "搜索结果" },
  { what: "Japanese", text: "検索の設定", near: "設定を変更する", far: "カタカナ" },
  { what: "Korean", text: "검색 설정", near: "설정하기", far: "배포" },
  { what: "Cyrillic", text: "установка пакета", near: "установить пакет", far: "поиск страниц" },
  { what: "identifiers", text: "foo_bar.baz", near: "baz of foo_bar", far: "quux" },
  {
    what: "rare words over common ones",
    text: "the vector of the page",
    near: "a vector",
    far: "the end of the",
  },
  {
    what: "a word said often, sublinearly",
    text: "cache and search",
    near: "cache search",
    far: "cache cache cache cache cache cache cache cache",
  },
  {
    what: "the heading trail over the text below it",
    text: "cache",
    near: "Cache\n\nSearch finds a page",
    far: "Search\n\nCache finds a page",
  },
])("$what: near texts are nearer than far ones", ({ text, near, far }) => {
  expect(similarity(text, near)).toBeGreaterThan(similarity(text, far) + 0.04);
});

test("texts without anything in common are nearly at right angles", () => {
  expect(Math.abs(similarity("install the package", "Zürich"))).toBeLessThan(0.15);
});
