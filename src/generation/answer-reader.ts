import { NOT_IN_PASSAGES } from "./answer-prompt.ts";

/** An answer as it stands at its end. */
export interface AnswerReading {
  /** Null: the passages do not hold the answer. */
  readonly answer: string | null;
  /** What has not been shown yet. */
  readonly rest: string;
  /** Numbers of the passages that it cites, each once, in the order of the answer. */
  readonly cited: readonly number[];
  /** Numbers that it cites although there is no such passage. */
  readonly unknown: readonly number[];
}

const CODE = /(`{3,}|~{3,})[^]*?\1|`[^`\n]*`/gu;
const NUMBER = String.raw`(?:0|[1-9]\d{0,3})`;
const NUMBERS = String.raw`${NUMBER}(?:\s*[,–-]\s*${NUMBER})*`;
const BRACKETS = String.raw`(?:\[${NUMBERS}\]|【${NUMBERS}】)+`;
/** Numbers in brackets, one pair after the other, neither a link nor a pattern, and the letter before them. */
const CITATIONS = new RegExp(String.raw`(?<letter>\w?)(?<!\])(?<run>${BRACKETS})(?![(+*{])`, "gu");
const CLAUSE_END = /^(?:[.,;:!?)]|[^\S\n]*(?:\n|$))/u;
/** `1`, or `1-3` for all from the one to the other. */
const RANGE = /(\d+)(?:\s*[–-]\s*(\d+))?/gu;
/** A range over more passages than this is taken for its two ends: nobody cites so many. */
const WIDEST = 20;
/**
 * Characters that may be an apology before the word that there is no answer: before so many, or a
 * citation, nothing is shown. A line is soon written.
 */
const APOLOGY = 160;
/** What may stand around the word that there is no answer: emphasis, quotes, brackets. */
const DECORATION = /^[^\p{L}\p{N}]+/u;

/** Reads an answer that comes in pieces, and keeps back what may mean that there is none. */
export class AnswerReader {
  readonly #passages: number;
  #text = "";
  #shown = 0;

  /** How many passages there are to be cited. */
  constructor(passages: number) {
    this.#passages = passages;
  }

  /** Takes a piece; gives what can be shown by now. */
  read(piece: string): string {
    this.#text += piece;
    // Where the word stands, the end tells what it means.
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
   * Numbers that the text cites. Brackets in code are code. Those right behind a word may be the index of
   * a list, above all amid a clause: there they cite what there is, and nothing that there is not.
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

/** How much of the word stands at the end of a text, as far as it has come. */
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
