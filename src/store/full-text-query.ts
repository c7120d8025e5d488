import type { FullTextQuery } from "@lancedb/lancedb";
import { lancedb } from "./lancedb.ts";

/** What to look for by full text. */
export interface FullTextQuestion {
  /** A row must contain at least one of these or of `forms`. */
  readonly words: readonly string[];
  /** Other forms of the words, which count less. */
  readonly forms?: readonly string[];
  /** Words of several parts. Parts that stand together count more. */
  readonly phrases?: readonly string[];
  /** How much a match in each column counts. */
  readonly weights: Readonly<Record<string, number>>;
  /** Whether similar spellings match, too. */
  readonly isFuzzy?: boolean;
}

/** Weight of another form of a word; the word itself has 1. */
const FORM_SHARE = 0.5;

/** This many letters at the beginning must be spelled right. */
const SAME_BEGINNING = 1;

/** Longer words would exceed a limit of the engine. */
const MAX_FUZZY_LENGTH = 32;

/** Edits allowed in a word. None in short ones: an edit there makes another word. */
const editsIn = ({ length }: string): number =>
  length < 4 || length > MAX_FUZZY_LENGTH ? 0 : length < 8 ? 1 : 2;

/** Translates a question into a query of LanceDB. */
export function fullTextQuery(question: FullTextQuestion): FullTextQuery {
  const { words, forms = [], phrases = [], weights, isFuzzy = false } = question;
  const columns = Object.entries(weights);
  const near = (word: string): FullTextQuery[] =>
    columns.map(([column, boost]) => {
      const options = { boost, fuzziness: editsIn(word), prefixLength: SAME_BEGINNING };
      return new lancedb.MatchQuery(word, column, options);
    });
  // Not `MultiMatchQuery`: it counts the best column only, so one word in the title and another in the
  // text would not add up.
  const any = (some: readonly string[], share: number): FullTextQuery[] =>
    columns.map(
      ([column, weight]) =>
        new lancedb.MatchQuery(some.join(" "), column, { boost: weight * share }),
    );
  const together = phrases.flatMap((phrase) =>
    columns.map(([column]) => new lancedb.PhraseQuery(phrase, column)),
  );
  const ofForms = forms.length === 0 ? [] : any(forms, FORM_SHARE);
  const queries = isFuzzy ? words.flatMap(near) : [...any(words, 1), ...together, ...ofForms];
  return new lancedb.BooleanQuery(queries.map((query) => [lancedb.Occur.Should, query]));
}

/**
 * No stemming, because it breaks fuzzy search and umlauts. `icu`, because Chinese, Japanese and Thai
 * have no spaces. `split`, because `foo_bar.baz` would stay one word otherwise. Positions, because such
 * a name is found as the phrase of its parts.
 */
export const fullTextOptions = {
  baseTokenizer: "icu/split",
  stem: false,
  removeStopWords: false,
  asciiFolding: true,
  withPosition: true,
} as const;
