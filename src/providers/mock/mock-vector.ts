import { isCommonWord, stemOf } from "../../ranking/english-words.ts";

/** Share of a word's weight that goes to its pieces, so that `install` is near `installation`. */
const PIECE_WEIGHT = 0.5;
/** Length of a piece in characters; trigrams are the usual choice for misspelt and inflected words. */
const PIECE_LENGTH = 3;
/** Words of this length or more have full weight: shorter ones are mostly common in any language. */
const FULL_WEIGHT_LENGTH = 4;
/** Weight of English words that say nothing about the subject. */
const COMMON_WORD_WEIGHT = 0.1;

/** The heading trail: the first line, when an empty one follows. */
const TRAIL = /^.+(?=\n\n)/u;
const WORD = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|[\p{L}\p{M}\p{N}]+/gu;

/**
 * Hashes words and their pieces into a unit vector, with sublinear weights (1 + ln count). Words of the
 * heading trail count twice: they name the subject. Same result on every platform.
 */
export function mockVector(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [word, count] of countWords(`${text}\n${TRAIL.exec(text)?.[0] ?? ""}`)) {
    const weight = (1 + Math.log(count)) * importanceOf(word);
    // Forms of one word share a feature; their pieces tell them apart.
    addFeature(vector, stemOf(word), weight);
    const pieces = piecesOf(word);
    for (const piece of pieces) {
      addFeature(vector, `#${piece}`, (weight * PIECE_WEIGHT) / Math.sqrt(pieces.length));
    }
  }
  return normalised(vector, text);
}

function importanceOf(word: string): number {
  return isCommonWord(word) ? COMMON_WORD_WEIGHT : Math.min(1, word.length / FULL_WEIGHT_LENGTH);
}

function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.normalize("NFKC").toLowerCase().matchAll(WORD)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function piecesOf(word: string): string[] {
  const padded = `<${word}>`;
  const count = Math.max(1, padded.length - PIECE_LENGTH + 1);
  return Array.from({ length: count }, (_, at) => padded.slice(at, at + PIECE_LENGTH));
}

/** The sign comes from the hash too, so that collisions cancel out on average. */
function addFeature(vector: Float32Array, feature: string, weight: number): void {
  const hash = fnv1a(feature);
  const at = (hash >>> 1) % vector.length;
  vector[at] = (vector[at] ?? 0) + (hash & 1 ? weight : -weight);
}

/** FNV-1a, 32 bits, with murmur's finaliser: http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function normalised(vector: Float32Array, text: string): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, number) => sum + number * number, 0));
  if (length > 0) return vector.map((number) => number / length);
  // The text has no word, or its features cancel out: then it gets a fixed direction of its own.
  vector[fnv1a(text) % vector.length] = 1;
  return vector;
}
