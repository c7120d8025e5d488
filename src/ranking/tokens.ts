import { readWords } from "./read-words.ts";

/** A term of a text with its place. */
export interface Token {
  /** As terms are compared: lower case, without accents. */
  readonly term: string;
  /** Counts words from 0; the whole of a name and its first word share one. */
  readonly position: number;
  /** Where it is in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** The terms of a text, in order. The same in each engine: no locale and no dictionary has a part in it. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (const { whole, parts, joined, others, steps } of readWords(text)) {
    const { start, end } = whole;
    tokens.push({ term: whole.term, position, start, end });
    for (const term of joined === null ? others : [...others, joined]) {
      tokens.push({ term, position, start, end });
    }
    for (const part of parts) {
      tokens.push({
        term: part.term,
        position: position + part.step,
        start: part.start,
        end: part.end,
      });
    }
    position += steps;
  }
  return tokens;
}
