/** What English ties to a word with an apostrophe; none of it tells a topic. */
const TIED = /['’](?:s|re|ve|ll|d|m)$/iu;
/** French and Italian words that lose their vowel before a noun: `l'API`, `dell'anno`. */
const ELIDED = /^(?:[cdjlmnst]|qu|un|dell|nell|sull|all|dall)['’](?=\p{L})/iu;

/** What is left of a word, and where: in UTF-16 units of the word as written. */
export interface UntiedWord {
  /** Without apostrophes. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A word without what an apostrophe ties to it: `where's` is `where`; `don't` is `dont`, as hurried people
 * type it.
 */
export function untied(word: string): UntiedWord {
  if (!/['’]/u.test(word)) return { word, start: 0, end: word.length };
  const whole = word.replace(TIED, "");
  const bare = whole.replace(ELIDED, "");
  const start = whole.length - bare.length;
  return { word: bare.replaceAll(/['’]/gu, ""), start, end: whole.length };
}
