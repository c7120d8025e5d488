import { describe, expect, test } from "vitest";
import { AnswerReader } from "../../src/generation/answer-reader.ts";
import type { AnswerReading } from "../../src/generation/answer-reader.ts";

/** What is shown piece by piece, and the end. */
function reading(pieces: readonly string[], passages = 3): [string[], AnswerReading] {
  const reader = new AnswerReader(passages);
  return [pieces.map((piece) => reader.read(piece)), reader.end()];
}

test("an answer is shown as it comes, once it cites a passage or is longer than an apology", () => {
  const [shown, end] = reading(["Call ", "it [", "1] now", "."]);
  expect(shown).toEqual(["", "", "Call it [1] now", "."]);
  expect(end).toEqual({ answer: "Call it [1] now.", rest: "", cited: [1], unknown: [] });
  const long = "A sentence without any number. ".repeat(6);
  expect(reading([long, "And another."])[0]).toEqual([long, "And another."]);
  expect(reading(["Short."])).toMatchObject([[""], { answer: "Short.", rest: "Short." }]);
});

describe("a reader never sees NOT_IN_PASSAGES as an answer", () => {
  test.each([
    [["NOT_IN_PASSAGES"]],
    [["\n", "NOT", "_IN_PASS", "AGES", "\n"]],
    [["NOT_IN_PASSAGES", ". The passages are about cats [1]."]],
    [["*", "*NOT_IN_PASSAGES**"]],
    [["“NOT_IN_", "PASSAGES”"]],
    [["`NOT_IN_PASSAGES`"]],
  ])("%j", (pieces) => {
    const [shown, end] = reading(pieces);
    expect(shown.join("")).toBe("");
    expect(end).toEqual({ answer: null, rest: "", cited: [], unknown: [] });
  });
});

test("an apology with NOT_IN_PASSAGES is no answer; one that cites a passage is", () => {
  const [shown, end] = reading(["I am sorry: ", "NOT_IN_PASSAGES", ", alas."]);
  expect(shown).toEqual(["", "", ""]);
  expect(end).toMatchObject({ answer: null, rest: "" });
  const answer = "The word is NOT_IN_PASSAGES [2].";
  expect(reading([answer])).toEqual([[""], { answer, rest: answer, cited: [2], unknown: [] }]);
});

test("text that only looked like NOT_IN_PASSAGES is shown in the end", () => {
  expect(reading(["NO", "T all [2]"])[0]).toEqual(["", "NOT all [2]"]);
  expect(reading(["So it is [2]. NOT", "_IN", "TENDED."])[0]).toEqual([
    "So it is [2]. ",
    "",
    "NOT_INTENDED.",
  ]);
  const [shown, end] = reading(["NOT_IN"]);
  expect(shown).toEqual([""]);
  expect(end).toMatchObject({ answer: "NOT_IN", rest: "NOT_IN" });
});

test.each([
  ["a [2] b [1][2].", [2, 1], []],
  ["a [1, 3].", [1, 3], []],
  ["a [4] b [0] c [1].", [1], [4, 0]],
  ["a [1, 0].", [1], [0]],
  ["read `x[7]` and\n```js\na[9] = [8];\n```\nas in [3].", [3], []],
  ["see [the guide](/guide/) [2]", [2], []],
  ["set items[0] and items[7] as in [3]", [3], []],
  ["red[2] and green [1]. items[0] too.", [2, 1], []],
  ["use items[0], then items[2].", [2], []],
  ["fine [1], and wrong[9].", [1], [9]],
  ["it is 30 s[2][9].", [2], [9]],
  ["all of [0-9]+ or since [2024-05-01] [2]", [2], []],
  ["see [1](https://evil.example) [2]", [2], []],
  ["see `x`[1].", [1], []],
  ["so it is[1].", [1], []],
  ["so it is[2]", [2], []],
  ["so it is[3]\nand on", [3], []],
  ["a [1-3].", [1, 2, 3], []],
  ["a [2–4], b [3-1].", [2, 3, 1], [4]],
  ["a [1-9999].", [1], [9999]],
  ["a 【2】【1, 3】.", [2, 1, 3], []],
  ["none", [], []],
])("%j cites %j, and %j that do not exist", (text, cited, unknown) => {
  expect(reading([text])[1]).toMatchObject({ cited, unknown });
});
