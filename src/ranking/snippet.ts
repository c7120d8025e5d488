import type { Snippet } from "../words/types.ts";
import { isCommonWord } from "./common-words.ts";
import { plainText } from "./plain-text.ts";

/** Characters of a snippet: about three lines of a terminal. */
const SNIPPET_LENGTH = 240;
/** Characters kept in front of the first mark, so that it is read in its sentence. */
const LEAD = 40;
/** Endings by which two forms of a word may differ: `page` and `pages`, `index` and `indexing`. */
const MAX_ENDING = 3;
/** Shorter stems say too little: `in` is not a form of `index`. */
const MIN_STEM = 4;

// Chinese, Japanese and Thai have no spaces; the segmenter knows their words.
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

interface Word {
  readonly start: number;
  readonly end: number;
  /** Lower case, without accents. */
  readonly form: string;
}

/** The stretch of a chunk that answers a query best, as plain text, with the query's words marked. */
export function snippetOf(markdown: string, query: string): Snippet {
  const text = plainText(markdown);
  const terms = termsOf(query);
  const words = wordsOf(text);
  const found = words.flatMap((word) => {
    const term = terms.find((one) => isFormOf(one, word.form));
    return term === undefined ? [] : [{ ...word, term }];
  });
  const [start, end] = bounds(words, bestStart(found), text);
  const before = start > 0 ? "…" : "";
  const marks = found
    .filter((word) => word.start >= start && word.end <= end)
    .map((word) => [word.start - start + before.length, word.end - start + before.length] as const);
  return { text: before + text.slice(start, end) + (end < text.length ? "…" : ""), marks };
}

function termsOf(query: string): string[] {
  const forms = [...new Set(wordsOf(query.slice(0, MAX_QUERY)).map(({ form }) => form))];
  const telling = forms.filter((form) => !isCommonWord(form));
  return telling.length === 0 ? forms : telling;
}

/** Characters of a query that are looked at for marks. */
const MAX_QUERY = 1000;

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (isWordLike !== true) continue;
    // The segmenter leaves `foo_bar.baz` whole; its parts are what people ask for, too.
    for (const { 0: part, index: at } of segment.matchAll(/[\p{L}\p{M}\p{N}'’]+/gu)) {
      words.push({ start: index + at, end: index + at + part.length, form: formOf(part) });
    }
  }
  return words;
}

const formOf = (word: string): string =>
  word.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");

function isFormOf(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const ending = long.length - short.length;
  return short.length >= MIN_STEM && ending <= MAX_ENDING && long.startsWith(short);
}

/** Where the window with the most of the query's words begins; the first of equals. */
function bestStart(found: readonly (Word & { readonly term: string })[]): number {
  let best = { start: 0, weight: 0 };
  for (const { start } of found) {
    const inside = found.filter(
      (word) => word.start >= start && word.end <= start + SNIPPET_LENGTH - LEAD,
    );
    const terms = new Set(inside.map(({ term }) => term));
    // A second occurrence counts for little: it must not outweigh another word of the query.
    const weight = terms.size + inside.length / (found.length + 1);
    if (weight > best.weight + Number.EPSILON) best = { start, weight };
  }
  return best.start;
}

/** From a word's beginning to a word's end, where there is one near. */
function bounds(words: readonly Word[], from: number, text: string): readonly [number, number] {
  const { length } = text;
  const latest = Math.max(0, length - SNIPPET_LENGTH);
  const wanted = Math.min(Math.max(0, from - LEAD), latest);
  const start = wanted === 0 ? 0 : (words.find((word) => word.start >= wanted)?.start ?? 0);
  const limit = start + SNIPPET_LENGTH;
  if (limit >= length) return [start, length];
  const last = words.findLast((word) => word.end <= limit && word.start > start);
  // Nor between the halves of a character.
  return [start, last?.end ?? (text.slice(0, limit).isWellFormed() ? limit : limit - 1)];
}
