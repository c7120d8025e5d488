import { codeAt } from "./code-at.ts";

/** Costs are whole hundredths of a token, so sums are exact. */
const HUNDREDTHS = 100;

/**
 * Cost in hundredths of a token of one non-ASCII character, by the last code point of its Unicode
 * block. Measured with Gemini's vocabulary on documentation in that script, and rounded up.
 */
const SCRIPT_COSTS: readonly (readonly [lastCodePoint: number, cost: number])[] = [
  [0x00bf, 110], // Latin-1 signs
  [0x024f, 90], // accented Latin letters
  [0x036f, 110], // phonetic letters, combining marks
  [0x03ff, 60], // Greek
  [0x052f, 43], // Cyrillic
  [0x058f, 80], // Armenian
  [0x05ff, 70], // Hebrew
  [0x06ff, 55], // Arabic
  [0x08ff, 120], // Syriac, Thaana, N'Ko
  [0x0dff, 75], // Indic scripts
  [0x0e7f, 55], // Thai
  [0x10ff, 90], // Lao, Tibetan, Myanmar, Georgian
  [0x11ff, 120], // Hangul letters
  [0x1dff, 150], // rarer scripts
  [0x1eff, 60], // Vietnamese letters
  [0x1fff, 120], // old Greek
  [0x2fff, 110], // punctuation, arrows, box drawing, signs
  [0x303f, 100], // CJK punctuation
  [0x30ff, 64], // kana
  [0x33ff, 150], // CJK compatibility
  [0x4dbf, 300], // rare Han: bytes
  [0x9fff, 90], // Han
  [0xabff, 200], // Yi and others
  [0xd7af, 90], // Hangul
  [0xffff, 110], // surrogates one by one, full-width forms
];

const WORD = 113;
/** Most words up to this length are one token. */
const SHORT_WORD = 7;
const LETTER_BEYOND = 17;
const CAPITAL = 46;
const DIGIT = 108;
const SIGN = 100;
const SIGN_REPEATED = 30;
const WHITESPACE_RUN = 110;
const SPACE_BEYOND = 4;

const KIND = { other: 0, lower: 1, upper: 2, digit: 3, sign: 4, space: 5, line: 6 } as const;

function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return KIND.lower;
  if (code === 32 || code === 9) return KIND.space;
  if (code === 10 || code === 13) return KIND.line;
  if (code >= 65 && code <= 90) return KIND.upper;
  if (code >= 48 && code <= 57) return KIND.digit;
  return code < 128 ? KIND.sign : KIND.other;
}

const ASCII_KINDS = Uint8Array.from({ length: 128 }, (_, code) => kindOf(code));

function scriptCost(code: number): number {
  for (const [last, cost] of SCRIPT_COSTS) if (code <= last) return cost;
  return WORD;
}

/** What a character of a kind adds to the cost of the text before it, in which it is the `run`th. */
function characterCost(kind: number, before: number, run: number): number {
  switch (kind) {
    case KIND.lower:
      return run === 1 ? WORD : run > SHORT_WORD ? LETTER_BEYOND : 0;
    case KIND.upper:
      return run === 1 ? WORD : CAPITAL;
    case KIND.digit:
      return DIGIT + (before === KIND.space ? SIGN : 0);
    case KIND.sign:
      return SIGN;
    case KIND.space:
      return run === 2 ? WHITESPACE_RUN : run > 2 ? SPACE_BEYOND : 0;
    case KIND.line:
      return run === 1 ? WHITESPACE_RUN : SPACE_BEYOND;
    default:
      return 0;
  }
}

/** The state before the first character; its kind is none. */
const START = 7 << 6;
/**
 * The state after a character, plus 512 times its cost, by the state before it plus its kind. A state is 64
 * times the last kind plus 8 times the length of its run, from 0 for one character to 7.
 */
const STEPS = Uint32Array.from({ length: 512 }, (_, step) => {
  const [before, length, kind] = [step >> 6, (step >> 3) & 7, step & 7];
  // A capital letter and the lower-case letters after it are one word.
  const continues = kind === before || (kind === KIND.lower && before === KIND.upper);
  const run = continues ? Math.min(length + 1, 7) : 0;
  return (characterCost(kind, before, run + 1) << 9) | (kind << 6) | (run << 3);
});

/** Cost of a text; if `sums` is given, item n becomes the cost of the first n characters. */
function scan(text: string, sums: Uint32Array | null): number {
  const { length } = text;
  let [units, state, before] = [0, START, 0];
  for (let index = 0; index < length; index += 1) {
    const code = codeAt(text, index);
    const kind = code < 128 ? (ASCII_KINDS[code] ?? KIND.sign) : KIND.other;
    const step = STEPS[state | kind] ?? START;
    units += step >> 9;
    state = step & 511;
    if (kind === KIND.other) units += scriptCost(code);
    else if (code === before && kind === KIND.sign) units += SIGN_REPEATED - SIGN;
    before = code;
    if (sums !== null) sums[index + 1] = units;
  }
  return units;
}

/**
 * Cost of a text in hundredths of a token. The cost of two texts joined by an empty line is the sum
 * of their costs and `LINE_BREAK_UNITS`.
 */
export const tokenUnits = (text: string): number => scan(text, null);

/**
 * Costs of all prefixes of a text: item n is the cost of its first n characters. A part on its own
 * costs at most `PART_UNITS` more than the difference of two items.
 */
export function cumulativeUnits(text: string): Uint32Array {
  const sums = new Uint32Array(text.length + 1);
  scan(text, sums);
  return sums;
}

/** How much more a part of a line can cost on its own than within the line. */
export const PART_UNITS = 160;

/** Cost of a line end, in hundredths of a token. */
export const LINE_UNITS: number = WHITESPACE_RUN;

/** Cost of an empty line between two texts, in hundredths of a token. */
export const LINE_BREAK_UNITS: number = WHITESPACE_RUN + SPACE_BEYOND;

/** Tokens added to every text, because the estimate of a short text is less certain. */
const MARGIN = 2;

/** The estimate of a text with this cost in hundredths. */
export const tokensOfUnits = (units: number): number => Math.ceil(units / HUNDREDTHS) + MARGIN;

/** The largest cost in hundredths for which the estimate stays within `tokens`. */
export const unitsOfTokens = (tokens: number): number => (tokens - MARGIN) * HUNDREDTHS;

/**
 * Estimated tokens of a text in Gemini's vocabulary, computed without a model: at or above the real
 * count for 99 of 100 chunks, and within 25 % of it in the median.
 */
export function estimateTokens(text: string): number {
  return text === "" ? 0 : tokensOfUnits(tokenUnits(text));
}
