import { isCommonWord } from "./common-words.ts";

/** A question as the full-text search takes it. */
export interface QueryWords {
  /** What to match: the words as written, without repeats and, where others remain, common words. */
  readonly words: readonly string[];
  /** Those of them that hold together by signs, as `v-model` and `foo_bar.baz` do. */
  readonly identifiers: readonly string[];
}

/** Longer questions are pasted text: the first words say what it is about, and the rest costs time. */
const MAX_WORDS = 64;
/** Each is a phrase search in every column. */
const MAX_IDENTIFIERS = 8;

const EDGES = /^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu;
const SIGN_INSIDE = /[\p{L}\p{M}\p{N}][^\p{L}\p{M}\p{N}\s'’]+[\p{L}\p{M}\p{N}]/u;

/** Reads any text at all; of one without letters and digits no word is left. */
export function queryWords(query: string): QueryWords {
  const all = query
    .normalize("NFC")
    .split(/\s+/u)
    .map((word) => word.replaceAll(EDGES, ""));
  const distinct = [...new Set(all.filter((word) => word !== ""))];
  const telling = distinct.filter((word) => !isCommonWord(word.toLowerCase()));
  const words = (telling.length === 0 ? distinct : telling).slice(0, MAX_WORDS);
  const identifiers = words.filter((word) => SIGN_INSIDE.test(word)).slice(0, MAX_IDENTIFIERS);
  return { words, identifiers };
}
