import type { FullTextQuery } from "@lancedb/lancedb";
import { lancedb } from "./lancedb.ts";

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
const FORM_SHARE = 0.5;

/** Letters that must be the same at the beginning of a misspelt word. */
const SAME_BEGINNING = 1;

/** Longer words are no typing mistakes, and their automaton would pass the engine's limit. */
const MAX_FUZZY_LENGTH = 32;

/** Edits allowed, as is usual: none in short words, where every edit makes another word. */
const editsIn = (word: string): number => {
  const { length } = word;
  return length < 4 || length > MAX_FUZZY_LENGTH ? 0 : length < 8 ? 1 : 2;
};

/** The same as a query of LanceDB. */
export function fullTextQuery(question: FullTextQuestion): FullTextQuery {
  const { words, forms = [], phrases = [], weights, isFuzzy = false } = question;
  const columns = Object.entries(weights);
  const near = (word: string): FullTextQuery[] =>
    columns.map(([column, boost]) => {
      const fuzziness = editsIn(word);
      const options = { boost, fuzziness, prefixLength: SAME_BEGINNING };
      return new lancedb.MatchQuery(word, column, options);
    });
  // Not `MultiMatchQuery`: it takes the best column alone, so that words of a question that stand
  // partly in the title and partly in the text do not add up.
  const any = (some: readonly string[], share: number): FullTextQuery[] =>
    columns.map(([column, weight]) => {
      const boost = weight * share;
      return new lancedb.MatchQuery(some.join(" "), column, { boost });
    });
  const together = phrases.flatMap((phrase) =>
    columns.map(([column]) => new lancedb.PhraseQuery(phrase, column)),
  );
  const inflected = forms.length === 0 ? [] : any(forms, FORM_SHARE);
  const queries = isFuzzy ? words.flatMap(near) : [...any(words, 1), ...together, ...inflected];
  return new lancedb.BooleanQuery(queries.map((query) => [lancedb.Occur.Should, query]));
}
