import type { Snippet } from "../words/hits.ts";
import { plainText } from "./plain-text.ts";
import { isCharacter, takesEndings } from "./scripts.ts";
import { readQuestion, type QuestionOptions } from "./question.ts";
import { tokensOf, type Token } from "./tokens.ts";
import { isFormOf } from "./word-forms.ts";

/** Characters of a snippet: about three terminal lines. */
const SNIPPET_LENGTH = 240;
/** Characters kept before the first mark, as context. */
const LEAD = 40;

/** The passage of a text that matches a query best, as plain text with the query's words marked. */
export function snippetOf(markdown: string, query: string, options: QuestionOptions = {}): Snippet {
  const { text, words } = readText(markdown);
  const found = askedWords(words, query, options);
  const [start, end] = bounds(words, bestStart(found), text);
  const before = start > 0 ? "…" : "";
  const marks = joined(found.filter((word) => word.start >= start && word.end <= end)).map(
    (word) => [word.start - start + before.length, word.end - start + before.length] as const,
  );
  return { text: before + text.slice(start, end) + (end < text.length ? "…" : ""), marks };
}

/** Start and end of each word of a plain text that a query asks for. */
export const marksIn = (
  text: string,
  query: string,
  options: QuestionOptions = {},
): Snippet["marks"] =>
  joined(askedWords(tokensOf(text), query, options)).map(({ end, start }) => [start, end] as const);

interface AskedWord extends Token {
  /** The word of the query. */
  readonly asked: string;
}

/** Those words that a query asks for: forms of its words, and what begins like one that is being typed. */
function askedWords(words: readonly Token[], query: string, options: QuestionOptions): AskedWord[] {
  const terms = readQuestion(query, options).words.flatMap(({ isPrefix, others, parts, term }) =>
    [term, ...others, ...parts].map((asked) => ({
      asked,
      isBeginning: isPrefix || takesEndings(asked),
    })),
  );
  return words.flatMap((word) => {
    const found = terms.find(
      ({ asked, isBeginning }) =>
        isFormOf(asked, word.term) || (isBeginning && word.term.startsWith(asked)),
    );
    if (found === undefined) return [];
    const { asked } = found;
    const end = isCharacter(asked) ? Math.min(word.end, word.start + asked.length) : word.end;
    return [{ ...word, end, asked }];
  });
}

/** A text as its snippets are cut from it. */
interface ReadText {
  readonly text: string;
  readonly words: readonly Token[];
}

/** Texts of the latest snippets. While a question is typed, most letters find the same sections again. */
const latest = new Map<string, ReadText>();
/** Texts that are kept: those of three lists of ten hits. */
const MOST_KEPT = 30;

function readText(markdown: string): ReadText {
  const known = latest.get(markdown);
  // Put back as the newest: the map's first is the one that was asked for longest ago.
  latest.delete(markdown);
  const text = known?.text ?? plainText(markdown);
  const read = known ?? { text, words: tokensOf(text) };
  latest.set(markdown, read);
  const [oldest] = latest.keys();
  if (latest.size > MOST_KEPT && oldest !== undefined) latest.delete(oldest);
  return read;
}

type Span = Pick<Token, "start" | "end">;

/** Spans in order, with those that overlap or touch made one: pairs of characters, a name and its parts. */
function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const { end, start } of spans.toSorted((one, other) => one.start - other.start)) {
    const last = all.at(-1);
    if (last === undefined || start > last.end) all.push({ start, end });
    else all[all.length - 1] = { start: last.start, end: Math.max(last.end, end) };
  }
  return all;
}

/** Start of the window with the most words of the query; the first of equals. */
function bestStart(found: readonly AskedWord[]): number {
  let best = { start: 0, weight: 0 };
  for (const [first, { start }] of found.entries()) {
    const limit = start + SNIPPET_LENGTH - LEAD;
    let next = first;
    while ((found[next]?.start ?? limit) < limit) next += 1;
    const inside = found.slice(first, next).filter(({ end }) => end <= limit);
    const terms = new Set(inside.map(({ asked }) => asked));
    // A repeated word counts little, so that it never outweighs a different word of the query.
    const weight = terms.size + inside.length / (found.length + 1);
    if (weight > best.weight + Number.EPSILON) best = { start, weight };
  }
  return best.start;
}

/** Start and end of the snippet: at word boundaries, if there are any nearby. */
function bounds(words: readonly Token[], from: number, text: string): readonly [number, number] {
  const { length } = text;
  const lastStart = Math.max(0, length - SNIPPET_LENGTH);
  const wanted = Math.min(Math.max(0, from - LEAD), lastStart);
  const start = wanted === 0 ? 0 : (words.find((word) => word.start >= wanted)?.start ?? 0);
  const limit = start + SNIPPET_LENGTH;
  if (limit >= length) return [start, length];
  const last = words.findLast((word) => word.end <= limit && word.start > start);
  // Without a word boundary, at least do not split a surrogate pair.
  return [start, last?.end ?? (text.slice(0, limit).isWellFormed() ? limit : limit - 1)];
}
