import { queryWords } from "./query-words.ts";
import { otherForms } from "./word-forms.ts";

/** A question as full-text search takes it. */
export interface TextQuestion {
  readonly words: readonly string[];
  /** Other forms of the words. */
  readonly forms: readonly string[];
  /** Those of the words that have several parts. */
  readonly phrases: readonly string[];
}

/** Each word has a dozen forms. */
const MAX_FORMS = 256;

/** Reads any text at all; of one without letters and digits no word is left. */
export function textQuestion(query: string): TextQuestion {
  const { words, identifiers } = queryWords(query);
  const forms = words.flatMap((word) => otherForms(word.toLowerCase())).slice(0, MAX_FORMS);
  return { words, forms, phrases: identifiers };
}
