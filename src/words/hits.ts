/** Words for what is stored and found. */
import type { Chunk, Fingerprint } from "./types.ts";

/**
 * A chunk as stored. `vector` is null while the row is pending and has no old vector to serve, and in an
 * index without vectors.
 */
export interface Row extends Chunk {
  /** Place among the chunks of its page, from 0. */
  readonly position: number;
  readonly fingerprint: Fingerprint;
  /** Fingerprint of the stored vector; differs from `fingerprint` while the row is pending. */
  readonly vectorFingerprint: Fingerprint | null;
  /** Of unit length; `dimensions` numbers. */
  readonly vector: Float32Array | null;
}

export type SearchMode = "hybrid" | "vector" | "text";

/** A section as found. `text` is that of its chunk, which may hold neighbours of the section, too. */
export interface Hit extends Pick<Chunk, "page" | "title" | "text"> {
  /** Page URL, with `#anchor` if the host gives the section's heading an id. No list has it twice. */
  readonly url: string;
  /** The headings above the section and its own, as plain text, outermost first. */
  readonly headings: readonly string[];
  /** Higher is better. Only comparable within one answer. */
  readonly score: number;
  readonly snippet: Snippet;
  readonly scores: HitScores;
  /** If grouped by page: the page's other sections found, best first. */
  readonly others?: readonly OtherHit[];
}

/** A passage of a section's text as one line of plain text. */
export interface Snippet {
  readonly text: string;
  /** Start and end of each word that matches the query, in UTF-16 units of `text`. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** A hit's place in one of the two searches. */
export interface ScorePart {
  /** 1 for the best. */
  readonly rank: number;
  /** Cosine similarity or BM25. */
  readonly score: number;
}

/** What a hit's score is made of; null where the search did not run or did not find it. */
export interface HitScores {
  readonly vector: ScorePart | null;
  readonly text: ScorePart | null;
}

/** A further section on a page. */
export type OtherHit = Pick<Hit, "url" | "headings" | "score">;

/** Which chunks may be found. All conditions must hold; null means pages without the value. */
export interface SearchFilter {
  /** Page id: `guide/install.md`. */
  readonly page?: string;
  readonly locale?: string | null;
  readonly version?: string | null;
  /** Beginning of the URL: `/guide/`. */
  readonly urlPrefix?: string;
}

export interface SearchAnswer {
  readonly query: string;
  /** The mode that was used. */
  readonly mode: SearchMode;
  /** Why the search did less than requested, or null. */
  readonly degraded: string | null;
  /** Chunks of the index without a vector of their own yet: an old one or full-text search finds them. */
  readonly pending: number;
  readonly hits: readonly Hit[];
}

/** A page with content similar to another one's. */
export interface RelatedPage extends Pick<Hit, "page" | "url" | "title"> {
  /** Cosine similarity of its nearest chunk to the mean direction of the given page; at most 1. */
  readonly score: number;
}
