import { isUtf8 } from "node:buffer";

/** A decoded file and what was repaired while decoding it. */
export interface DecodedText {
  /** Without a BOM. */
  readonly text: string;
  /** One sentence each, with file and line. */
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
  const warnings = wide === undefined ? invalidUtf8Warnings(bytes, id) : [utf16Warning(id)];
  const nul = decoded.indexOf("\0");
  if (nul === -1) return { text: decoded, warnings };
  const line = 1 + (decoded.slice(0, nul).match(/\r\n|\r|\n/g)?.length ?? 0);
  return {
    text: decoded.replaceAll("\0", "\uFFFD"),
    warnings: [
      ...warnings,
      `${id}: line ${line} contains a NUL byte (read as U+FFFD); remove it, or exclude the file if it is not text.`,
    ],
  };
}

function utf16Warning(id: string): string {
  return `${id}: the file is UTF-16; save it as UTF-8, which site generators expect.`;
}

function invalidUtf8Warnings(bytes: Uint8Array, id: string): string[] {
  if (isUtf8(bytes)) return [];
  const line = firstInvalidLine(bytes);
  return [
    `${id}: line ${line} is not valid UTF-8 (invalid bytes are read as U+FFFD); save the file as UTF-8.`,
  ];
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
