import { isStopWord } from "./english-words.ts";
import { readWords, type ReadWord } from "./read-words.ts";
import { MAX_WORDS } from "./weights.ts";

/** A word of a question. */
export interface QuestionWord {
  /** As tokens have it: lower case, without accents. */
  readonly term: string;
  /** Terms that mean the same: a name without its signs, a version without its `v`. */
  readonly others: readonly string[];
  /** The words inside a name and the parts of their `camelCase`, in order. */
  readonly parts: readonly string[];
  /** Whether it may be the beginning of a word: the last one while the reader is typing. */
  readonly isPrefix: boolean;
}

/** A question as a ranking takes it. */
export interface Question {
  /** At most 12, each once; words that say nothing only where there are no others. */
  readonly words: readonly QuestionWord[];
  /** Terms of the words that say nothing, which are not among `words`: they tell headings apart. */
  readonly small: readonly string[];
}

export interface QuestionOptions {
  /** Whether the reader may not have finished the last word. */
  readonly isTyping?: boolean;
}

/** Only this many characters of a query are read: the rest is pasted text. */
const MAX_QUERY = 1000;

/** Reads any text as a question; a text without letters, digits and operators has no words. */
export function readQuestion(query: string, { isTyping = false }: QuestionOptions = {}): Question {
  const text = query.slice(0, MAX_QUERY);
  const all = readWords(text).filter(({ steps }) => steps > 0);
  const last = all.at(-1);
  // A space after a word ends it.
  const typed = isTyping && last?.whole.end === text.length ? last : undefined;
  const topical = all.filter(
    (word) => word === typed || isQuoted(word, text) || !saysNothing(word),
  );
  const words = topical.length === 0 ? all : topical;
  const distinct = [...new Map(words.map((word) => [word.whole.term, word])).values()];
  return {
    words: mostTelling(distinct).map((word) => toQuestionWord(word, word === typed)),
    small: all.filter((word) => !words.includes(word)).map(({ whole }) => whole.term),
  };
}

const saysNothing = ({ whole }: ReadWord): boolean => isStopWord(whole.term);

const QUOTES = /['"`‘’“”«»]/u;

/** Whether a question names a word itself: the statement 'with'. */
const isQuoted = ({ whole }: ReadWord, text: string): boolean =>
  QUOTES.test(text.charAt(whole.start - 1)) && QUOTES.test(text.charAt(whole.end));

/**
 * The words that count, in their order. Of too many, names come first and then longer words: these are
 * the rarer ones. A pair of Chinese characters is half a word.
 */
function mostTelling(words: readonly ReadWord[]): ReadWord[] {
  const ranked = words.toSorted((one, other) => tellingOf(other) - tellingOf(one));
  const kept = new Set<ReadWord>();
  let room = MAX_WORDS;
  for (const word of ranked) {
    room -= word.isPair ? 0.5 : 1;
    if (room >= 0) kept.add(word);
  }
  return words.filter((word) => kept.has(word));
}

const tellingOf = ({ parts, whole }: ReadWord): number =>
  whole.term.length + (parts.length > 0 ? 100 : 0);

const toQuestionWord = (
  { whole, parts, joined, others }: ReadWord,
  isPrefix: boolean,
): QuestionWord => ({
  term: whole.term,
  others: joined === null ? others : [...others, joined],
  parts: parts.map(({ term }) => term),
  isPrefix,
});
