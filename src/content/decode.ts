import { isUtf8 } from "node:buffer";
import { countLineEnds } from "./line-ends.ts";

/** A decoded file, without a BOM, and what was repaired: one sentence each, with file and line. */
export interface DecodedText {
  readonly text: string;
  readonly warnings: readonly string[];
}

const UTF_16_MARKS = [
  { first: 0xff, second: 0xfe, label: "utf-16le" },
  { first: 0xfe, second: 0xff, label: "utf-16be" },
] as const;

/**
 * Decodes bytes as UTF-8, or as UTF-16 if they begin with its BOM. Invalid bytes and NUL become
 * U+FFFD (as CommonMark requires), with a warning. Never throws.
 *
 * @param id Name of the file, for the warnings.
 */
export function decodeText(bytes: Uint8Array, id: string): DecodedText {
  const wide = UTF_16_MARKS.find(({ first, second }) => bytes[0] === first && bytes[1] === second);
  const decoded = new TextDecoder(wide?.label ?? "utf-8").decode(bytes);
  const warnings: string[] = [];
  if (wide !== undefined) {
    warnings.push(`${id}: the file is UTF-16; save it as UTF-8, which site generators expect.`);
  } else if (!isUtf8(bytes)) {
    warnings.push(
      `${id}: line ${firstInvalidLine(bytes)} is not valid UTF-8 (invalid bytes are read as U+FFFD); save the file as UTF-8.`,
    );
  }
  const nul = decoded.indexOf("\0");
  if (nul !== -1) {
    const line = 1 + countLineEnds(decoded.slice(0, nul));
    warnings.push(
      `${id}: line ${line} contains a NUL byte (read as U+FFFD); remove it, or exclude the file if it is not text.`,
    );
  }
  return { text: decoded.replaceAll("\0", "\uFFFD"), warnings };
}

/** 1-based. Line ends are never part of a longer UTF-8 sequence, so each line can be checked alone. */
function firstInvalidLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  for (let end = 0; end < bytes.length; end++) {
    const isLineEnd = bytes[end] === 0x0a || (bytes[end] === 0x0d && bytes[end + 1] !== 0x0a);
    if (!isLineEnd) continue;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    line++;
    start = end + 1;
  }
  return line;
}
