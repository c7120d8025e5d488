import { untied } from "./contractions.ts";
import { foldWord } from "./fold.ts";
import { isCharacter, PAIRED, withoutArticle } from "./scripts.ts";

/** A term with its place: `step` positions after its word, in UTF-16 units of the text. */
interface WordTerm {
  readonly term: string;
  readonly step: number;
  readonly start: number;
  readonly end: number;
  /** Whether it is a part of a `camelCase` word. */
  readonly isCamel: boolean;
}

/** A word of a text, or a name made of several. */
export interface ReadWord {
  /** As written: the whole name, a word, a pair of characters, or a run of signs. */
  readonly whole: WordTerm;
  /** Words inside a name, and the parts of their `camelCase`, in order. */
  readonly parts: readonly WordTerm[];
  /** A name joined by hyphens or underlines, without these: `prebundling`. */
  readonly joined: string | null;
  /** Other names of the same thing: a version without its `v`, a noun without its article. */
  readonly others: readonly string[];
  /** Positions that it takes; 0 for the Chinese character that ends a run of pairs, which no question means. */
  readonly steps: number;
  /** Whether it is a pair of characters of a script without spaces. */
  readonly isPair: boolean;
}

const LETTERS = `[[\\p{L}\\p{M}\\p{N}_\\u00AD\\u200B\\u2060\\uFEFF]--[${PAIRED}]]`;
const NAME_SIGNS = "(?:::|->|[\\-.:\\/@#$+~&'’])";
/** Pairs of characters | a word or name with its signs | signs alone. */
const WORDS = new RegExp(
  `[${PAIRED}][${PAIRED}\\p{M}]*|` +
    `(?:(?<![^\\s\\(\\[\\{"'\`])(?:--?|[@$.#:]))?${LETTERS}+(?:${NAME_SIGNS}${LETTERS}+)*(?:\\+\\+|#)?|` +
    "[!#$%&*+\\-.\\/:<=>?@\\\\\\^\\|~]{2,4}(?![!#$%&*+\\-.\\/:<=>?@\\\\\\^\\|~])",
  "gv",
);

/** Soft hyphen, zero-width space, word joiner and BOM are no part of a word. */
const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/gu;
const VERSION = /^v?\d+(?:\.\d+)+$/iu;
const INNER_WORD = /[\p{L}\p{M}\p{N}\u00AD\u200B\u2060\uFEFF'’]+/gu;
const CAMEL_PART = /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}\p{N}]+|\p{Lu}+\p{N}*/gu;

/** Longer names are paths, addresses and data: their words are searched, but not the whole. */
const LONGEST_NAME = 48;
const MOST_PARTS = 6;
/** No one looks for a longer word; the rest is data. */
const LONGEST_WORD = 64;

/** Most words by far: in what follows, they are themselves in lower case. */
const SIMPLE_WORD = /^[A-Z]?[a-z\d]{1,63}$/u;

/** The words of a text, in order. */
export function readWords(text: string): ReadWord[] {
  const words: ReadWord[] = [];
  // Not `matchAll`: it copies the expression, and engines may compile each copy again.
  WORDS.lastIndex = 0;
  for (let match = WORDS.exec(text); match !== null; match = WORDS.exec(text)) {
    const { 0: raw, index } = match;
    if (SIMPLE_WORD.test(raw)) words.push(alone(raw.toLowerCase(), index, index + raw.length));
    else if (isPaired(raw)) for (const pair of pairsOf(raw, index)) words.push(pair);
    else if (/[\p{L}\p{N}]/u.test(raw)) words.push(nameOf(raw, index));
    else if (/^[!-~]+$/u.test(raw)) words.push(...signsOf(raw, index));
  }
  return words;
}

const PAIRED_START = new RegExp(`^[${PAIRED}]`, "u");
const isPaired = (raw: string): boolean => PAIRED_START.test(raw);

const alone = (term: string, start: number, end: number, steps = 1, isPair = false): ReadWord => ({
  whole: { term, step: 0, start, end, isCamel: false },
  parts: [],
  joined: null,
  others: [],
  steps,
  isPair,
});

/**
 * Overlapping pairs of characters; a character alone is itself. A question of one Chinese character finds the pairs
 * that begin with it, and the end of a run, which begins none.
 */
function pairsOf(raw: string, index: number): ReadWord[] {
  const words: ReadWord[] = [];
  const ends: number[] = [];
  let length = 0;
  for (const character of raw) ends.push((length += character.length));
  const pairs = Math.max(ends.length - 1, 1);
  for (let at = 0; at < pairs; at += 1) {
    const [start, end] = [ends[at - 1] ?? 0, ends[at + 1] ?? length];
    const term = foldWord(raw.slice(start, end));
    if (term !== "") words.push(alone(term, index + start, index + end, 1, true));
  }
  const start = ends.at(-2) ?? length;
  const last = foldWord(raw.slice(start));
  if (isCharacter(last)) words.push(alone(last, index + start, index + length, 0));
  return words;
}

/** What people shout is no operator. */
const SHOUT = /^(?:[?!]{3,}|\?!|!\?)$/u;

/** Signs alone: operators. A sentence's full stop or colon after them is not one of them. */
function signsOf(raw: string, index: number): ReadWord[] {
  const bare = raw.replace(/[.:]$/u, "");
  const signs = bare.length > 1 ? bare : raw;
  const isOperator = !SHOUT.test(signs) && /[!#$%&*+<=>?@^|~:.-]/u.test(signs);
  return isOperator ? [alone(signs, index, index + signs.length)] : [];
}

/** Most words: nothing in them parts them. */
const PLAIN_WORD = /^[\p{L}\p{M}\p{N}]+$/u;

function nameOf(raw: string, index: number): ReadWord {
  if (PLAIN_WORD.test(raw)) return wordOf(wordAt(raw, index));
  const inner = [...raw.matchAll(INNER_WORD)].filter(([word]) => /[\p{L}\p{N}]/u.test(word));
  const words = inner.map((match) => wordAt(match[0], index + match.index));
  const [first] = words;
  if (first === undefined) return alone(foldWord(raw), index, index + raw.length);
  if (inner[0]?.[0] === raw || (words.length === 1 && /['’]/u.test(raw))) return wordOf(first);
  return joinWords(raw, index, words);
}

interface InnerWord {
  readonly raw: string;
  readonly start: number;
  readonly end: number;
}

function wordAt(raw: string, index: number): InnerWord {
  const { end, start, word } = untied(raw);
  return { raw: word.slice(0, LONGEST_WORD), start: index + start, end: index + end };
}

const termAt = ({ end, raw, start }: InnerWord, step: number, isCamel = false): WordTerm => ({
  term: foldWord(raw.replaceAll(INVISIBLE, "")),
  step,
  start,
  end,
  isCamel,
});

function wordOf(word: InnerWord): ReadWord {
  const whole = termAt(word, 0);
  const parts = camelParts(word, 0);
  const noun = withoutArticle(whole.term);
  const others = noun === null ? [] : [noun];
  return { whole, parts, joined: null, others, steps: Math.max(parts.length, 1), isPair: false };
}

/** The parts of a `camelCase` word; none where it has but one. `APIs` is one. */
function camelParts({ end, raw, start }: InnerWord, step: number): WordTerm[] {
  // An apostrophe was taken out: the places of parts are unknown.
  if (end - start !== raw.length) return [];
  if (raw === raw.toLowerCase() || /^\p{Lu}+s?$/u.test(raw)) return [];
  const found = [...raw.matchAll(CAMEL_PART)];
  if (found.length < 2 || found.length > MOST_PARTS) return [];
  return found.map((match, at) => partAt(match[0], start + match.index, step + at));
}

const partAt = (raw: string, start: number, step: number): WordTerm =>
  termAt({ raw, start, end: start + raw.length }, step, true);

function joinWords(raw: string, index: number, words: readonly InnerWord[]): ReadWord {
  const whole = termAt({ raw, start: index, end: index + raw.length }, 0);
  if (VERSION.test(raw)) {
    const others = /^v/iu.test(raw) ? [whole.term.slice(1)] : [];
    return { whole, parts: [], joined: null, others, steps: 1, isPair: false };
  }
  const parts: WordTerm[] = [];
  let steps = 0;
  for (const word of words) {
    const own = camelParts(word, steps);
    parts.push(termAt(word, steps), ...own);
    steps += Math.max(own.length, 1);
  }
  const isLong = raw.length > LONGEST_NAME || words.length > MOST_PARTS;
  const [first] = parts;
  if (isLong && first !== undefined) {
    return { whole: first, parts: parts.slice(1), joined: null, others: [], steps, isPair: false };
  }
  const isJoined = words.length > 1 && /^[\p{L}\p{M}\p{N}]+(?:[-_][\p{L}\p{M}\p{N}]+)+$/u.test(raw);
  const joined = isJoined ? whole.term.replaceAll(/[-_]/gu, "") : null;
  return { whole, parts, joined, others: [], steps, isPair: false };
}
