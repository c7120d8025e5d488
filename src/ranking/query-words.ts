import { isCommonWord } from "./common-words.ts";

/** A query in the form that full-text search uses. */
export interface QueryWords {
  /** Words to match, as written and without repeats; common words only if there are no others. */
  readonly words: readonly string[];
  /** Those `words` that have punctuation inside, such as `v-model` and `foo_bar.baz`. */
  readonly identifiers: readonly string[];
}

/** A longer query is pasted text: its first words tell the topic, and the rest costs time. */
const MAX_WORDS = 64;
/** Each identifier costs one phrase search per column. */
const MAX_IDENTIFIERS = 8;

const EDGES = /^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu;
const SIGN_INSIDE = /[\p{L}\p{M}\p{N}][^\p{L}\p{M}\p{N}\s'’]+[\p{L}\p{M}\p{N}]/u;

/** Splits any text into words; a text without letters and digits has none. */
export function queryWords(query: string): QueryWords {
  const all = query
    .normalize("NFC")
    .split(/\s+/u)
    .map((word) => word.replaceAll(EDGES, ""));
  const distinct = [...new Set(all.filter((word) => word !== ""))];
  const topical = distinct.filter((word) => !isCommonWord(word.toLowerCase()));
  const words = (topical.length === 0 ? distinct : topical).slice(0, MAX_WORDS);
  const identifiers = words.filter((word) => SIGN_INSIDE.test(word)).slice(0, MAX_IDENTIFIERS);
  return { words, identifiers };
}
