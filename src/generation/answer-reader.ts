import { NOT_IN_PASSAGES } from "./answer-prompt.ts";

/** A finished answer. */
export interface AnswerReading {
  /** Null: the passages do not hold the answer. */
  readonly answer: string | null;
  /** Text not shown yet. */
  readonly rest: string;
  /** Numbers of the cited passages, each once, in order of appearance. */
  readonly cited: readonly number[];
  /** Cited numbers that no passage has. */
  readonly unknown: readonly number[];
}

const CODE = /(`{3,}|~{3,})[^]*?\1|`[^`\n]*`/gu;
const NUMBER = String.raw`(?:0|[1-9]\d{0,3})`;
const NUMBERS = String.raw`${NUMBER}(?:\s*[,–-]\s*${NUMBER})*`;
const BRACKETS = String.raw`(?:\[${NUMBERS}\]|【${NUMBERS}】)+`;
/** Bracketed numbers in a row, neither link nor pattern, with the letter before them. */
const CITATIONS = new RegExp(String.raw`(?<letter>\w?)(?<!\])(?<run>${BRACKETS})(?![(+*{])`, "gu");
const CLAUSE_END = /^(?:[.,;:!?)]|[^\S\n]*(?:\n|$))/u;
/** `1`, or the range `1-3`. */
const RANGE = /(\d+)(?:\s*[–-]\s*(\d+))?/gu;
/** A wider range counts as its two ends: nobody cites so many passages. */
const WIDEST = 20;
/**
 * A model may apologise in so many characters before NOT_IN_PASSAGES: the reader shows nothing until the
 * text is longer or holds a citation.
 */
const APOLOGY = 160;
/** Emphasis, quotes or brackets before NOT_IN_PASSAGES. */
const DECORATION = /^[^\p{L}\p{N}]+/u;

/** Reads an answer piece by piece; holds back text that may end in NOT_IN_PASSAGES. */
export class AnswerReader {
  readonly #passages: number;
  #text = "";
  #shown = 0;

  /** `passages`: how many there are to cite. */
  constructor(passages: number) {
    this.#passages = passages;
  }

  /** Takes a piece; returns the text that can be shown now. */
  read(piece: string): string {
    this.#text += piece;
    // Only the end of the answer tells what NOT_IN_PASSAGES means here.
    if (this.#text.includes(NOT_IN_PASSAGES)) return "";
    const isSoon = this.#shown === 0 && this.#text.length < APOLOGY;
    if (isSoon && this.#cited().length === 0) return "";
    return this.#show(this.#text.length - begunWord(this.#text));
  }

  end(): AnswerReading {
    const numbers = this.#cited();
    const isNone =
      this.#undecorated.startsWith(NOT_IN_PASSAGES) ||
      (numbers.length === 0 && this.#text.includes(NOT_IN_PASSAGES));
    if (isNone) return { answer: null, rest: "", cited: [], unknown: [] };
    const isPassage = (number: number): boolean => number >= 1 && number <= this.#passages;
    return {
      answer: this.#text.trim(),
      rest: this.#show(),
      cited: numbers.filter(isPassage),
      unknown: numbers.filter((number) => !isPassage(number)),
    };
  }

  /**
   * Numbers that the text cites. Ignores code. Brackets right after a word may be a list index: inside a
   * clause they cite existing passages only.
   */
  #cited(): readonly number[] {
    const plain = this.#text.replaceAll(CODE, " ");
    const numbers = [...plain.matchAll(CITATIONS)].flatMap(({ 0: all, groups, index }) => {
      const { letter = "", run = "" } = groups ?? {};
      const some = [...run.matchAll(RANGE)].flatMap(numbersOf);
      if (letter === "") return some;
      const isAtEnd = CLAUSE_END.test(plain.slice(index + all.length));
      return some.filter((number) => number > 0 && (isAtEnd || number <= this.#passages));
    });
    return [...new Set(numbers)];
  }

  get #undecorated(): string {
    return this.#text.replace(DECORATION, "");
  }

  #show(end = this.#text.length): string {
    const fresh = this.#text.slice(this.#shown, end);
    this.#shown = Math.max(this.#shown, end);
    return fresh;
  }
}

/** How many characters of NOT_IN_PASSAGES a text ends with. */
function begunWord(text: string): number {
  let length = NOT_IN_PASSAGES.length - 1;
  while (!text.endsWith(NOT_IN_PASSAGES.slice(0, length))) length -= 1;
  return length;
}

function numbersOf([, first, last = first]: RegExpExecArray): readonly number[] {
  const [from, to] = [Number(first), Number(last)];
  if (to < from || to - from > WIDEST) return [from, to];
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
