import { isUtf8 } from "node:buffer";

/** Text of a file, without BOM, and what had to be mended to get it. */
export interface DecodedText {
  readonly text: string;
  /** One sentence each, naming file and line. */
  readonly warnings: readonly string[];
}

const UTF_16_MARKS = [
  { first: 0xff, second: 0xfe, label: "utf-16le" },
  { first: 0xfe, second: 0xff, label: "utf-16be" },
] as const;

/**
 * Reads bytes as UTF-8. Invalid bytes and NUL become U+FFFD (as CommonMark has it), with a
 * warning; UTF-16 is read as such when its BOM says so. Never throws.
 *
 * @param id Name of the file for the warnings.
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
      `${id}: line ${line} holds a NUL byte, read as U+FFFD; remove it, or exclude the file if it is not text.`,
    ],
  };
}

function utf16Warning(id: string): string {
  return `${id}: the file is UTF-16 and was read as such; save it as UTF-8, which site generators expect.`;
}

function invalidUtf8Warnings(bytes: Uint8Array, id: string): string[] {
  if (isUtf8(bytes)) return [];
  const line = firstInvalidLine(bytes);
  return [
    `${id}: line ${line} is not valid UTF-8, its bad bytes are read as U+FFFD; save the file as UTF-8.`,
  ];
}

/** 1-based. Line ends are never part of a longer UTF-8 sequence, so lines can be judged alone. */
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
