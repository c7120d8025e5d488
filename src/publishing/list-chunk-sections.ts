import { byteWriter } from "./byte-writer.ts";
import type { PlacedSection } from "./page-sections.ts";
import { sealed } from "./seal.ts";

/** Lists which sections of the readers' index lie in each chunk: `searching/chunk-sections.ts` reads it. */
export class ChunkSectionLister {
  readonly #pages: { readonly sections: number; readonly chunks: number }[] = [];
  readonly #positions: number[] = [];
  readonly #counts: number[] = [];
  readonly #places: number[] = [];

  /** Adds the next page. `positions`: of all its chunks, in their order. */
  add(positions: readonly number[], sections: readonly PlacedSection[]): void {
    if (sections.length === 0) return;
    this.#pages.push({ sections: sections.length, chunks: positions.length });
    const places = positions.map((): number[] => []);
    for (const [number, { chunks }] of sections.entries()) {
      for (const { at, hasText } of chunks) places[at]?.push(2 * number + Number(hasText));
    }
    // One by one: a call takes only so many arguments.
    for (const position of positions) this.#positions.push(position);
    for (const inChunk of places) {
      this.#counts.push(inChunk.length);
      for (const place of inChunk) this.#places.push(place);
    }
  }

  /**
   * The file: number of pages; sections of each page; chunks of each; positions of all chunks; how many sections
   * lie in each chunk; these, by their place on the page from 0, doubled, plus 1 if the chunk has text of the section.
   */
  file(): Uint8Array {
    const writer = byteWriter();
    writer.number(this.#pages.length);
    writer.numbers(this.#pages.map(({ sections }) => sections));
    writer.numbers(this.#pages.map(({ chunks }) => chunks));
    for (const list of [this.#positions, this.#counts, this.#places]) writer.numbers(list);
    return sealed(writer.take());
  }
}
