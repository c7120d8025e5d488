/** How often each word occurs. */
export type WordCounts = ReadonlyMap<string, number>;

/** Signs that no reader sees: soft hyphens, zero-width characters, marks of direction, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

const RUN = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Scripts that put no spaces between words: each of their characters is a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

const HAS_UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

const ASCII = /^[\0-\x7F]*$/;
const ASCII_RUN = /[a-z0-9]+/g;

/**
 * The words of a text in their order: NFKC, lower case, cut at everything but letters and digits.
 * Chinese and Japanese are cut into characters.
 */
export function wordsIn(text: string): string[] {
  if (ASCII.test(text)) return text.toLowerCase().match(ASCII_RUN) ?? [];
  const runs = text.replace(INVISIBLE, "").normalize("NFKC").toLowerCase().match(RUN) ?? [];
  return runs.flatMap((run) => (HAS_UNSPACED.test(run) ? (run.match(UNSPACED) ?? []) : [run]));
}

/** Counts the words of texts. */
class WordCounter {
  readonly #counts = new Map<string, number>();
  #total = 0;

  get counts(): WordCounts {
    return this.#counts;
  }

  /** How many words there are, each as often as it occurs. */
  get total(): number {
    return this.#total;
  }

  add(words: readonly string[]): void {
    for (const word of words) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
    this.#total += words.length;
  }

  /** Takes words away that were added before. */
  remove(words: readonly string[]): void {
    for (const word of words) {
      const count = this.#counts.get(word) ?? 0;
      if (count > 0) this.#total -= 1;
      this.#counts.set(word, Math.max(count - 1, 0));
    }
  }
}

/** Words that one side of a comparison shows: each of `required`, and any of `optional`. */
export interface ShownWords {
  readonly required: WordCounter;
  readonly optional: WordCounter;
}

export const noWords = (): ShownWords => ({
  required: new WordCounter(),
  optional: new WordCounter(),
});

/** The required words of one side that the other lacks, each as often as it is lacking. */
export function lackingIn(other: ShownWords, one: ShownWords): Map<string, number> {
  const lacking = new Map<string, number>();
  for (const [word, count] of one.required.counts) {
    const shown = (other.required.counts.get(word) ?? 0) + (other.optional.counts.get(word) ?? 0);
    if (count > shown) lacking.set(word, count - shown);
  }
  return lacking;
}

/**
 * Takes away the words of one side that are torn on the other: a line over the limit of a chunk is cut
 * inside a long word, and both parts are there.
 */
export function forgiveTorn(whole: Map<string, number>, parts: Map<string, number>): void {
  for (const [word, count] of whole) {
    const torn = partsOf(word, parts);
    const times = Math.min(count, ...torn.map((part) => parts.get(part) ?? 0));
    if (torn.length < 2 || times === 0) continue;
    for (const [counts, name] of [
      [whole, word],
      ...torn.map((part) => [parts, part] as const),
    ] as const) {
      const left = (counts.get(name) ?? 0) - times;
      if (left > 0) counts.set(name, left);
      else counts.delete(name);
    }
  }
}

/** Chunks have room for shorter words, and for two words that one side joins. */
const SHORTEST_TORN = 20;
/** Longer words than any code has are not put together again. */
const LONGEST_TORN = 2000;

/** Parts that make up a word; none if it cannot be made of them. */
function partsOf(word: string, parts: ReadonlyMap<string, number>): readonly string[] {
  if (word.length < SHORTEST_TORN || word.length > LONGEST_TORN) return [];
  /** By the end of a beginning: the parts that make it up. */
  const made = new Map<number, readonly string[]>([[0, []]]);
  for (let end = 1; end <= word.length; end += 1) {
    for (const [start, before] of made) {
      const part = word.slice(start, end);
      if (!parts.has(part)) continue;
      made.set(end, [...before, part]);
      break;
    }
  }
  return made.get(word.length) ?? [];
}

export const sumOf = (counts: WordCounts): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);
