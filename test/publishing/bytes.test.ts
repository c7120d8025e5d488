import fc from "fast-check";
import { expect, test } from "vitest";
import { byteWriter } from "../../src/publishing/byte-writer.ts";
import { byteReader } from "../../src/reader/bytes.ts";

const ANY_TEXT = fc.string({ unit: "grapheme", maxLength: 20 });

test("numbers come back, and the reader is at the end", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 32 - 1 })), (values) => {
      const writer = byteWriter();
      writer.numbers(values);
      const reader = byteReader(writer.take());
      expect([...reader.numbers(values.length)]).toEqual(values);
      expect(reader.isAtEnd()).toBe(true);
    }),
  );
});

test.each([0, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1])("%s comes back", (value) => {
  const writer = byteWriter();
  writer.number(value);
  expect(byteReader(writer.take()).number()).toBe(value);
});

test.each([-1, 0.5, 2 ** 32, Number.NaN])("%s is not written", (value) => {
  expect(() => byteWriter().number(value)).toThrow(RangeError);
});

test("texts come back, in order or sorted", () => {
  fc.assert(
    fc.property(fc.array(ANY_TEXT), (texts) => {
      const writer = byteWriter();
      writer.texts(texts);
      writer.sortedTexts(texts.toSorted());
      const reader = byteReader(writer.take());
      expect(reader.texts(texts.length)).toEqual(texts);
      expect(reader.sortedTexts(texts.length)).toEqual(texts.toSorted());
      expect(reader.isAtEnd()).toBe(true);
    }),
  );
});

test.each([
  ["line breaks", ["a\nb", "\r\n", "\n"]],
  ["NUL", ["\0", "a\0b"]],
  ["a byte order mark", ["\uFEFFa", "\uFEFF"]],
  ["characters of two units that share one", ["x😀", "x😁", "x😂y"]],
  ["64 thousand letters", ["é".repeat(65_536), "e"]],
])("%s in texts come back", (_, texts) => {
  const writer = byteWriter();
  writer.sortedTexts(texts);
  expect(byteReader(writer.take()).sortedTexts(texts.length)).toEqual(texts);
});

test("half a character becomes the replacement character, and leaves its neighbours alone", () => {
  const writer = byteWriter();
  writer.texts(["a\uD800", "b"]);
  expect(byteReader(writer.take()).texts(2)).toEqual(["a\uFFFD", "b"]);
});

test("a cut list of texts is an error at every length", () => {
  const writer = byteWriter();
  writer.texts(["alpha", "βeta", "😀"]);
  const whole = writer.take();
  for (let length = 0; length < whole.length; length += 1) {
    expect(() => byteReader(whole.subarray(0, length)).texts(3), String(length)).toThrow(Error);
  }
});

test("a number without an end is an error", () => {
  expect(() => byteReader(new Uint8Array(8).fill(255)).number()).toThrow("too long");
});

test("lengths that do not fit the text are an error", () => {
  const writer = byteWriter();
  writer.numbers([1, 1, 3]);
  writer.bytes(new TextEncoder().encode("abc"));
  expect(() => byteReader(writer.take()).texts(2)).toThrow("do not fit");
});
