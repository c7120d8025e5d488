import { isCommonWord, otherForms } from "./english-words.ts";

/** A question as full-text search takes it. */
export interface TextQuestion {
  /** Words to match, as written and without repeats; common words only if there are no others. */
  readonly words: readonly string[];
  /** Other forms of the words. */
  readonly forms: readonly string[];
  /** Those `words` that have punctuation inside, such as `v-model` and `foo_bar.baz`. */
  readonly phrases: readonly string[];
}

/** A longer query is pasted text: its first words tell the topic, and the rest costs time. */
const MAX_WORDS = 64;
/** Each phrase costs one search per column. */
const MAX_PHRASES = 8;
/** Each word has a dozen forms. */
const MAX_FORMS = 256;

/** A word without the signs around it: from its first to its last letter or digit. */
const CORE = /[\p{L}\p{M}\p{N}](?:.*[\p{L}\p{M}\p{N}])?/su;
const SIGN_INSIDE = /[\p{L}\p{M}\p{N}][^\p{L}\p{M}\p{N}\s'’]+[\p{L}\p{M}\p{N}]/u;

/** Splits any text into words; a text without letters and digits has none. */
export function textQuestion(query: string): TextQuestion {
  const all = query.normalize("NFC").split(/\s+/u);
  const distinct = [...new Set(all.flatMap((word) => CORE.exec(word)?.[0] ?? []))];
  const topical = distinct.filter((word) => !isCommonWord(word.toLowerCase()));
  const words = (topical.length === 0 ? distinct : topical).slice(0, MAX_WORDS);
  const forms = words.flatMap((word) => otherForms(word.toLowerCase())).slice(0, MAX_FORMS);
  const phrases = words.filter((word) => SIGN_INSIDE.test(word)).slice(0, MAX_PHRASES);
  return { words, forms, phrases };
}
