import type { IndexedSection } from "../ranking/section.ts";
import { byteWriter } from "./byte-writer.ts";
import { writeHeads } from "./write-heads.ts";

/**
 * Bytes of a pack, about: a section more only as long as it fits. Larger packs cost a question more, since
 * its best sections are seldom neighbours; smaller ones compress worse.
 */
const PACK_BYTES = 6144;

/** Neighbouring sections that share a file of texts. */
export function* packsOf(sections: readonly IndexedSection[]): Generator<IndexedSection[]> {
  let pack: IndexedSection[] = [];
  let size = 0;
  for (const section of sections) {
    const added = Buffer.byteLength(section.text);
    if (pack.length > 0 && size + added > PACK_BYTES) {
      yield pack;
      pack = [];
      size = 0;
    }
    pack.push(section);
    size += added;
  }
  if (pack.length > 0) yield pack;
}

/** A text pack, with the heads of its sections if the table has none. */
export function writeTextPack(
  pack: readonly IndexedSection[],
  pageUrlOf: ((section: IndexedSection) => string) | null,
): Uint8Array {
  const writer = byteWriter();
  if (pageUrlOf !== null) writeHeads(writer, pack, pageUrlOf);
  writer.texts(pack.map(({ text }) => text));
  return writer.written();
}
