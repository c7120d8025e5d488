import { byteReader } from "../reader/bytes.ts";
import type { FileSource } from "../reader/file-source.ts";
import { unsealed } from "../reader/sealed-file.ts";
import { startsOf } from "../reader/section-table.ts";
import { SiteragError } from "../words/errors.ts";
import { firstIndex } from "../words/first-index.ts";

/** The name by which a source of the readers' index gives this file, too; it is not published. */
export const CHUNK_SECTIONS = "chunk-sections";

/** A section that lies in a chunk. */
export interface SectionInChunk {
  /** Its number in the readers' index. */
  readonly section: number;
  /** Whether the chunk has more of it than the line of its heading. */
  readonly hasText: boolean;
}

/** Knows which sections lie in a chunk: `firstOfPage` is the number of its page's first section. */
export type SectionsOfChunk = (firstOfPage: number, position: number) => readonly SectionInChunk[];

/** Reads what `publishing/list-chunk-sections.ts` wrote. Throws STORE_FAILED if it is not that. */
export async function readChunkSections(source: FileSource): Promise<SectionsOfChunk> {
  const content = unsealed((await source.read(CHUNK_SECTIONS)) ?? new Uint8Array());
  if (content === null) throw damaged();
  try {
    return sectionsOfChunks(content);
  } catch (cause) {
    throw damaged(cause);
  }
}

function sectionsOfChunks(content: Uint8Array): SectionsOfChunk {
  const reader = byteReader(content);
  const count = reader.number();
  const sectionStarts = startsOf(reader.numbers(count));
  const chunkStarts = startsOf(reader.numbers(count));
  const positions = reader.numbers(chunkStarts.at(-1) ?? 0);
  const placeStarts = startsOf(reader.numbers(positions.length));
  const places = reader.numbers(placeStarts.at(-1) ?? 0);
  return (firstOfPage, position) => {
    const page = firstIndex(count, (at) => (sectionStarts[at] ?? 0) >= firstOfPage);
    const [from = 0, end = from] = chunkStarts.subarray(page);
    const at = positions.subarray(from, end).indexOf(position);
    if (at === -1) return [];
    const [first = 0, last = first] = placeStarts.subarray(from + at);
    return Array.from(places.subarray(first, last), (place) => ({
      section: firstOfPage + Math.floor(place / 2),
      hasText: place % 2 === 1,
    }));
  };
}

const damaged = (cause?: unknown): SiteragError =>
  new SiteragError(
    "STORE_FAILED",
    "The list of sections in the store is damaged. Run `siterag index`, which makes it again at no cost.",
    { cause },
  );
