import type { KnownTerm, Postings } from "../ranking/term-source.ts";
import { byteReader, type ByteReader } from "./bytes.ts";

/** Terms of one file, in the order of their UTF-16 units. */
export interface TermShard {
  readonly terms: readonly KnownTerm[];
  /** Undefined for a term that the shard does not have. */
  readonly postingsOf: (term: string) => Postings | undefined;
}

/** A posting is the distance to the last section's number, less one, and the code of its strength. */
export const CODES = 16;
/** Positions of a posting begin with the first one and how many there are. */
export const POSITION_COUNTS = 8;

/**
 * Reads a shard: number of terms, the terms, the numbers of their sections, the lengths of their postings in
 * bytes, the postings.
 * @throws RangeError if the content is no shard
 */
export function readTermShard(content: Uint8Array): TermShard {
  const reader = byteReader(content);
  const terms = readKnownTerms(reader);
  const places = new Map(terms.map(({ term }, at) => [term, at]));
  const ends = new Float64Array(reader.numbers(terms.length));
  for (let at = 1; at < ends.length; at += 1) ends[at] = (ends[at] ?? 0) + (ends[at - 1] ?? 0);
  const all = reader.take(ends.at(-1) ?? 0);
  const read = new Map<string, Postings>();
  return {
    terms,
    postingsOf(term) {
      const place = places.get(term);
      if (place === undefined) return undefined;
      const bytes = all.subarray(ends[place - 1] ?? 0, ends[place]);
      const postings =
        read.get(term) ?? readPostings(byteReader(bytes), terms[place]?.sections ?? 0);
      read.set(term, postings);
      return postings;
    },
  };
}

/** A word from its last character to its first, as the files of endings have it. */
export const reversed = (word: string): string => Array.from(word).toReversed().join("");

/** Reads the words of a file without postings: of spellings, or of endings. */
export const readWords = (content: Uint8Array): readonly KnownTerm[] =>
  readKnownTerms(byteReader(content));

function readKnownTerms(reader: ByteReader): KnownTerm[] {
  const count = reader.number();
  const terms = reader.sortedTexts(count);
  const sections = reader.numbers(count);
  return terms.map((term, at) => ({ term, sections: sections[at] ?? 0 }));
}

function readPostings(reader: ByteReader, count: number): Postings {
  const sections = new Uint32Array(count);
  const codes = new Uint8Array(count);
  const positionEnds = new Uint32Array(count);
  const positions: number[] = [];
  let section = -1;
  for (let at = 0; at < count; at += 1) {
    const step = reader.number();
    section += Math.floor(step / CODES) + 1;
    sections[at] = section;
    codes[at] = step % CODES;
    const first = reader.number();
    let position = Math.floor(first / POSITION_COUNTS);
    const positionCount = first % POSITION_COUNTS;
    for (let index = 0; index < positionCount; index += 1) {
      if (index > 0) position += reader.number();
      positions.push(position);
    }
    positionEnds[at] = positions.length;
  }
  return { sections, codes, positions: new Uint32Array(positions), positionEnds };
}
