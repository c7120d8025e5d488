import type { IndexedSection } from "../ranking/section.ts";
import { byteWriter } from "./byte-writer.ts";
import { writeHeads } from "./write-heads.ts";

/**
 * Bytes of a pack, about: a section more only as long as it fits. Larger packs cost a question more, since
 * its best sections are seldom neighbours; smaller ones compress worse.
 */
const PACK_BYTES = 6144;

/** Puts neighbouring sections together that share a file of texts. */
export class Packer {
  #pack: IndexedSection[] = [];
  #size = 0;

  /** Returns the pack before, if this section begins another one. */
  add(section: IndexedSection): readonly IndexedSection[] | null {
    const added = Buffer.byteLength(section.text);
    const full = this.#pack.length > 0 && this.#size + added > PACK_BYTES ? this.take() : null;
    this.#pack.push(section);
    this.#size += added;
    return full;
  }

  /** The last pack; null: there is none. */
  take(): readonly IndexedSection[] | null {
    const pack = this.#pack;
    this.#pack = [];
    this.#size = 0;
    return pack.length === 0 ? null : pack;
  }
}

/** A text pack, with the heads of its sections if the table has none. */
export function writeTextPack(
  pack: readonly IndexedSection[],
  pageUrlOf: ((section: IndexedSection) => string) | null,
): Uint8Array {
  const writer = byteWriter();
  if (pageUrlOf !== null) writeHeads(writer, pack, pageUrlOf);
  writer.texts(pack.map(({ text }) => text));
  return writer.take();
}
