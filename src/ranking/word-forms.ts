import { isCommonWord } from "./english-words.ts";
import { readWords } from "./read-words.ts";

/** How many letters longer one form of a word may be: `page` and `pages`, `index` and `indexing`. */
const MAX_ENDING = 3;
/** Shorter stems match by chance: `in` is not a form of `index`. */
const MIN_STEM = 4;

/** Only this many characters of a query are searched for terms. */
const MAX_QUERY = 1000;

/** A word with its place in the text. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** Lower case, without accents. */
  readonly form: string;
}

/** The forms of a query's words; those that say nothing only if there are no others. */
export function termsOf(query: string): string[] {
  const forms = [...new Set(wordsOf(query.slice(0, MAX_QUERY)).map(({ form }) => form))];
  const topical = forms.filter((form) => !isCommonWord(form));
  return topical.length === 0 ? forms : topical;
}

/** The words of a text, in order; those inside a name in place of the name. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { whole, parts, steps } of readWords(text)) {
    if (steps === 0) continue;
    const inner = parts.filter(({ isCamel }) => !isCamel);
    for (const { end, start, term } of inner.length === 0 ? [whole] : inner) {
      if (/[\p{L}\p{N}]/u.test(term)) words.push({ start, end, form: term });
    }
  }
  return words;
}

/** Whether one is the other with another ending. */
export function isFormOf(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const ending = long.length - short.length;
  return short.length >= MIN_STEM && ending <= MAX_ENDING && long.startsWith(short);
}
