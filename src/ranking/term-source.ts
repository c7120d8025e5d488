/**
 * The sections that have a term, in ascending order. Typed arrays: a common term has thousands of
 * postings, and each key of a reader goes through all of them.
 */
export interface Postings {
  /** Numbers of the sections. */
  readonly sections: Uint32Array;
  /** How strongly each section has the term: the 4-bit code of `strength.ts`, 0 to 15. */
  readonly codes: Uint8Array;
  /**
   * The first positions of the term in each section, ascending, at most four, one section after the
   * other: own heading 0–15, page title 16–31, text from 32.
   */
  readonly positions: Uint32Array;
  /** Where the positions of each section end in `positions`; they begin where the last ones end. */
  readonly positionEnds: Uint32Array;
}

/** A term of the index. */
export interface KnownTerm {
  readonly term: string;
  /** Number of sections that have it. */
  readonly sections: number;
}

/** Where a ranking gets its terms from: an index in memory, or files. */
export interface TermSource {
  readonly sectionCount: number;
  /** Postings of the terms that the index knows; the others are absent. Files come in parallel. */
  postings(terms: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Postings>>;
  /**
   * All terms with a prefix, in the order of their UTF-16 units. Rankings ask with three letters or
   * more (two characters in scripts without spaces between words; one Chinese character or Korean
   * syllable), so that the terms lie in few shards.
   */
  startingWith(prefix: string, signal?: AbortSignal): Promise<readonly KnownTerm[]>;
  /** The words made of letters alone that begin with a letter, in the order of their UTF-16 units. */
  spellings(firstLetter: string, signal?: AbortSignal): Promise<readonly KnownTerm[]>;
  /**
   * Longer words made of letters alone that end with an ending of five letters or more, in the same
   * order: compounds. `Verbindung` ends `Datenbankverbindung`.
   */
  endingWith(ending: string, signal?: AbortSignal): Promise<readonly KnownTerm[]>;
}

/** The page of each section, and which pages a filter lets through. */
export interface PageTable {
  readonly pageOf: (section: number) => number;
  readonly isAllowed: (page: number) => boolean;
}

/** A section with its score: larger is better, without an upper limit. */
export interface RankedSection {
  /** Its number in the index. */
  readonly section: number;
  readonly score: number;
}

/** A page with its score and its sections, the best first. */
export interface RankedPage {
  /** Its number in the index. */
  readonly page: number;
  readonly score: number;
  readonly sections: readonly RankedSection[];
}
