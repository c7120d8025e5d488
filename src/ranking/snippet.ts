import type { Snippet } from "../words/hits.ts";
import { isCommonWord } from "./english-words.ts";
import { plainText } from "./plain-text.ts";

/** Characters of a snippet: about three terminal lines. */
const SNIPPET_LENGTH = 240;
/** Characters kept before the first mark, as context. */
const LEAD = 40;
/** How many letters longer one form of a word may be: `page` and `pages`, `index` and `indexing`. */
const MAX_ENDING = 3;
/** Shorter stems match by chance: `in` is not a form of `index`. */
const MIN_STEM = 4;

// Chinese, Japanese and Thai write no spaces between words; the segmenter finds the words.
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

interface Word {
  readonly start: number;
  readonly end: number;
  /** Lower case, without accents. */
  readonly form: string;
}

/** The passage of a chunk that matches a query best, as plain text with the query's words marked. */
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
  const topical = forms.filter((form) => !isCommonWord(form));
  return topical.length === 0 ? forms : topical;
}

/** Only this many characters of a query are searched for terms. */
const MAX_QUERY = 1000;

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (isWordLike !== true) continue;
    // The segmenter keeps `foo_bar.baz` whole, but people also search for its parts.
    for (const { 0: part, index: offset } of segment.matchAll(/[\p{L}\p{M}\p{N}'’]+/gu)) {
      const start = index + offset;
      words.push({ start, end: start + part.length, form: formOf(part) });
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

/** Start of the window with the most words of the query; the first of equals. */
function bestStart(found: readonly (Word & { readonly term: string })[]): number {
  let best = { start: 0, weight: 0 };
  for (const { start } of found) {
    const inside = found.filter(
      (word) => word.start >= start && word.end <= start + SNIPPET_LENGTH - LEAD,
    );
    const terms = new Set(inside.map(({ term }) => term));
    // A repeated word counts little, so that it never outweighs a different word of the query.
    const weight = terms.size + inside.length / (found.length + 1);
    if (weight > best.weight + Number.EPSILON) best = { start, weight };
  }
  return best.start;
}

/** Start and end of the snippet: at word boundaries, if there are any nearby. */
function bounds(words: readonly Word[], from: number, text: string): readonly [number, number] {
  const { length } = text;
  const latest = Math.max(0, length - SNIPPET_LENGTH);
  const wanted = Math.min(Math.max(0, from - LEAD), latest);
  const start = wanted === 0 ? 0 : (words.find((word) => word.start >= wanted)?.start ?? 0);
  const limit = start + SNIPPET_LENGTH;
  if (limit >= length) return [start, length];
  const last = words.findLast((word) => word.end <= limit && word.start > start);
  // Without a word boundary, at least do not split a surrogate pair.
  return [start, last?.end ?? (text.slice(0, limit).isWellFormed() ? limit : limit - 1)];
}
