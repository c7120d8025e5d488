import { integer, oneof } from "fast-check";

/**
 * A character of a text that can be anything: half of them ASCII, the others any code point, lone
 * surrogates too. Fast-check's own `unit: "binary"` says the same, but takes seconds for its first text.
 */
export const codePoint = oneof(
  integer({ min: 0, max: 0x7f }),
  integer({ min: 0, max: 0x10ffff }),
).map((code) => String.fromCodePoint(code));
