import { describe, expect, it } from "vitest";
import { decodeText } from "../../src/content/decode.ts";

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, "utf16le");
const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

const CASES = [
  { name: "plain UTF-8", input: bytes("Grüße 👋\n"), text: "Grüße 👋\n", warnings: [] },
  { name: "an empty file", input: bytes(), text: "", warnings: [] },
  {
    name: "a BOM and drops it",
    input: bytes([0xef, 0xbb, 0xbf], "# A"),
    text: "# A",
    warnings: [],
  },
  { name: "a U+FFFD of its own", input: bytes("a\uFFFDb"), text: "a\uFFFDb", warnings: [] },
  {
    name: "Latin-1 on the third line",
    input: bytes("é\r\nb\ncaf", [0xe9], "\nd", [0xff]),
    text: "é\r\nb\ncaf\uFFFD\nd\uFFFD",
    warnings: [/^p\.md: line 3 is not valid UTF-8.*save the file as UTF-8\.$/],
  },
  {
    name: "a sequence cut by a carriage return",
    input: bytes("a\rb", [0xe2, 0x82], "\rc"),
    text: "a\rb\uFFFD\rc",
    warnings: [/^p\.md: line 2 is not valid UTF-8/],
  },
  {
    name: "a sequence cut by the end of the file",
    input: bytes("a\n", [0xf0, 0x9f]),
    text: "a\n\uFFFD",
    warnings: [/^p\.md: line 2 is not valid UTF-8/],
  },
  {
    name: "little-endian UTF-16",
    input: utf16("# Ü\n"),
    text: "# Ü\n",
    warnings: [/^p\.md: the file is UTF-16.*save it as UTF-8/],
  },
  {
    name: "big-endian UTF-16",
    input: utf16("# Ü\n").swap16(),
    text: "# Ü\n",
    warnings: [/^p\.md: the file is UTF-16/],
  },
  {
    name: "NUL bytes",
    input: bytes("a\r\nb\n\0c\0"),
    text: "a\r\nb\n\uFFFDc\uFFFD",
    warnings: [/^p\.md: line 3 contains a NUL byte/],
  },
  {
    name: "a bad byte and a NUL",
    input: bytes("\0\n", [0x80]),
    text: "\uFFFD\n\uFFFD",
    warnings: [/line 2 is not valid UTF-8/, /line 1 contains a NUL byte/],
  },
];

describe("decodeText", () => {
  it.each(CASES)("reads $name", ({ input, text, warnings }) => {
    const decoded = decodeText(input, "p.md");
    expect(decoded.text).toBe(text);
    expect(decoded.warnings).toEqual(warnings.map((pattern) => expect.stringMatching(pattern)));
  });
});
