/** What to look for by full text. */
export interface FullTextQuestion {
  /** Any of these has to be there. */
  readonly words: readonly string[];
  /** Other forms of the words: they may be there instead, and count less. */
  readonly forms?: readonly string[];
  /** Words of several parts: where the parts stand together, it counts more. */
  readonly phrases?: readonly string[];
  /** How much a match in each column counts. */
  readonly weights: Readonly<Record<string, number>>;
  /** Whether near spellings count, too. */
  readonly isFuzzy?: boolean;
}

/** What another form of a word counts beside the word itself: the same subject, less surely. */
export const FORM_SHARE = 0.5;

/** Letters that must be the same at the beginning of a misspelt word. */
export const SAME_BEGINNING = 1;

/** Longer words are no typing mistakes, and their automaton would pass the engine's limit. */
const MAX_FUZZY_LENGTH = 32;

/** Edits allowed, as is usual: none in short words, where every edit makes another word. */
export const editsIn = (word: string): number => {
  const { length } = word;
  return length < 4 || length > MAX_FUZZY_LENGTH ? 0 : length < 8 ? 1 : 2;
};
