import { isNameTerm } from "../ranking/name-term.ts";
import { readQuestion } from "../ranking/question.ts";
import type { TermSource } from "../ranking/term-source.ts";

/** Fewer letters begin too many words: they would need many files. */
const LEAST_LETTERS = 3;

/** Words that begin like the last one of a text, the most frequent first, equals by their letters. */
export async function suggestWords(
  terms: TermSource,
  text: string,
  limit: number,
  signal?: AbortSignal,
): Promise<string[]> {
  const last = readQuestion(text, { isTyping: true }).words.at(-1);
  if (last === undefined || !last.isPrefix || last.term.length < LEAST_LETTERS) return [];
  const known = await terms.startingWith(last.term, signal);
  return known
    .filter(({ term }) => !isNameTerm(term))
    .toSorted((one, other) => other.sections - one.sections || (one.term < other.term ? -1 : 1))
    .slice(0, limit)
    .map(({ term }) => term);
}
