/**
 * The table of languages: what a script needs beside "a word is a run of letters and digits". Scripts
 * that are missing need nothing.
 */

/**
 * Chinese characters, kana, Thai, Lao, Khmer and Burmese, without spaces between words: a run is searched
 * by its overlapping pairs of characters. Dictionaries cut better, but each engine has another.
 */
export const PAIRED: string =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}" +
  "\\p{Script=Khmer}\\p{Script=Myanmar}\u30FC";

/** Scripts whose words carry endings that a question lacks: Korean particles. */
const ENDED = /^\p{Script=Hangul}+$/u;

/** A Chinese character alone is a word, which begins the pairs that have it. */
const CHARACTER = /^\p{Script=Han}$/u;

/** An article that is written together with its noun: the Arabic one, with or without "and". */
const ARTICLE = /^(?:\u0648?\u0627\u0644)(?=\p{Script=Arabic}{3})/u;

/** Whether a term is one Chinese character. */
export const isCharacter = (term: string): boolean => CHARACTER.test(term);

/** Whether a word is searched by its beginning, also when it is whole. */
export const takesEndings = (term: string): boolean => ENDED.test(term) || isCharacter(term);

/** A folded word without its article, or null if it has none. */
export const withoutArticle = (term: string): string | null =>
  ARTICLE.test(term) ? term.replace(ARTICLE, "") : null;

/** The shortest beginning of a word that rankings ask for, in UTF-16 units. */
export const shortestPrefix = (term: string): number =>
  term < "\u0250" ? 3 : takesEndings(term) ? 1 : 2;
