import { byteReader } from "./bytes.ts";
import { readHeads, type SectionHead } from "./section-heads.ts";

/** The texts of neighbouring sections, and their heads where the table has none. */
export interface TextPack {
  /** Markdown, by section from the pack's first one. */
  readonly texts: readonly string[];
  readonly heads: readonly SectionHead[] | null;
}

/**
 * Reads a text pack: heads if the table has none, then the texts.
 * @param begins whether a section of the pack is the first of its page; null: the table has the heads
 * @throws RangeError if the content is no pack of so many sections
 */
export function readTextPack(
  content: Uint8Array,
  count: number,
  begins: ((index: number) => boolean) | null,
): TextPack {
  const reader = byteReader(content);
  const heads =
    begins === null ? null : readHeads(reader, count, (index) => index === 0 || begins(index));
  return { heads, texts: reader.texts(count) };
}
