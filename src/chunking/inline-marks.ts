import { emphasisMarks, type Delimiter } from "./emphasis.ts";

/** What becomes of each character of running text in an embedding input. */
export const SHOWN = { kept: 0, dropped: 1, space: 2, code: 3 } as const;

interface Bracket {
  readonly isImage: boolean;
  readonly start: number;
  /** Number of delimiters before it. */
  readonly delimiters: number;
}

interface Scan {
  readonly text: string;
  readonly marks: Uint8Array;
  readonly brackets: Bracket[];
  /** Openers of links below this index would contain a link, so they open none. */
  inactive: number;
  delimiters: Delimiter[];
  /** Starts of runs of backticks by length, from the last to the first; null: not searched yet. */
  ticks: ReadonlyMap<number, number[]> | null;
}

const SPECIAL = /[\\`*_~[\]<]|!(?=\[)/g;

/** Whether Markdown may show running text in another way than it is written. */
export const hasMarks = (text: string): boolean => /[\\`*_~[\]<]/.test(text);

/** Marks what Markdown does not show of running text: link targets, signs, escapes. Takes linear time. */
export function inlineMarks(text: string): Uint8Array {
  const marks = new Uint8Array(text.length);
  const scan: Scan = { text, marks, brackets: [], inactive: 0, delimiters: [], ticks: null };
  for (SPECIAL.lastIndex = 0; SPECIAL.test(text);) {
    const at = SPECIAL.lastIndex - 1;
    SPECIAL.lastIndex = READERS[text.charAt(at)]?.(scan, at) ?? at + 1;
  }
  emphasisMarks(scan.delimiters, drop(marks));
  return marks;
}

const drop =
  (marks: Uint8Array) =>
  (start: number, end: number): void => {
    marks.fill(SHOWN.dropped, start, end);
  };

/** Reads from a special character on; returns the offset from which to go on. */
type Reader = (scan: Scan, at: number) => number;

const escape: Reader = ({ text, marks }, at) => {
  if (!/^[!-/:-@[-`{-~\n]/.test(text.charAt(at + 1))) return at + 1;
  marks[at] = SHOWN.dropped;
  return at + 2;
};

function runEnd(text: string, at: number): number {
  let end = at + 1;
  while (text[end] === text[at]) end += 1;
  return end;
}

function ticksOf(text: string): Map<number, number[]> {
  const ticks = new Map<number, number[]>();
  for (let last = text.lastIndexOf("`"); last >= 0;) {
    let before = last - 1;
    while (text[before] === "`") before -= 1;
    const starts = ticks.get(last - before);
    if (starts === undefined) ticks.set(last - before, [before + 1]);
    else starts.push(before + 1);
    last = before < 0 ? -1 : text.lastIndexOf("`", before);
  }
  return ticks;
}

const codeSpan: Reader = (scan, at) => {
  const { text, marks } = scan;
  const end = runEnd(text, at);
  scan.ticks ??= ticksOf(text);
  const starts = scan.ticks.get(end - at) ?? [];
  while ((starts.at(-1) ?? Infinity) < end) starts.pop();
  const close = starts.at(-1);
  if (close === undefined) return end;
  const code = text.slice(end, close);
  const isPadded = /^[ \n]/.test(code) && /[ \n]$/.test(code) && code.trim() !== "";
  marks.fill(SHOWN.dropped, at, close + end - at);
  marks.fill(SHOWN.code, end + Number(isPadded), close - Number(isPadded));
  return close + end - at;
};

const delimiterRun: Reader = ({ text, delimiters }, at) => {
  const end = runEnd(text, at);
  const [before, after] = [text.slice(Math.max(at - 2, 0), at), text.slice(end, end + 2)];
  const isSpaceBefore = before === "" || /\s$/u.test(before);
  const isSpaceAfter = after === "" || /^\s/u.test(after);
  const isSignBefore = /[\p{P}\p{S}]$/u.test(before);
  const isSignAfter = /^[\p{P}\p{S}]/u.test(after);
  const isLeft = !isSpaceAfter && (!isSignAfter || isSpaceBefore || isSignBefore);
  const isRight = !isSpaceBefore && (!isSignBefore || isSpaceAfter || isSignAfter);
  const isWord = text[at] === "_";
  const canOpen = isLeft && (!isWord || !isRight || isSignBefore);
  const canClose = isRight && (!isWord || !isLeft || isSignAfter);
  const length = end - at;
  delimiters.push({ sign: text.charAt(at), start: at, length, left: length, canOpen, canClose });
  return end;
};

const bracket: Reader = ({ text, brackets, delimiters }, at) => {
  const isImage = text[at] === "!";
  brackets.push({ isImage, start: at, delimiters: delimiters.length });
  return at + (isImage ? 2 : 1);
};

const FOOTNOTE = /^\^[\w-]+$/;
const LONGEST_LABEL = 100;

/** Attributes right after a link or an image: `{target="_blank" .button}`. */
const ATTRIBUTES =
  /\{:?[ \t]*(?:[#.][\w-]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[\w./:%-]+))(?:[ \t]+(?:[#.][\w-]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[\w./:%-]+)))*[ \t]*\}/y;

const closing: Reader = (scan, at) => {
  const { text, marks, brackets } = scan;
  const open = brackets.pop();
  if (open === undefined) return at + 1;
  const { isImage, start } = open;
  const label = start + (isImage ? 2 : 1);
  if (at - start < LONGEST_LABEL && FOOTNOTE.test(text.slice(label, at))) {
    marks.fill(SHOWN.dropped, label - 1, at + 1);
    return at + 1;
  }
  const isInactive = !isImage && brackets.length < scan.inactive;
  scan.inactive = Math.min(scan.inactive, brackets.length);
  const target = isInactive ? -1 : targetEnd(text, at + 1);
  if (target < 0) return at + 1;
  ATTRIBUTES.lastIndex = target;
  const end = ATTRIBUTES.test(text) ? ATTRIBUTES.lastIndex : target;
  emphasisMarks(scan.delimiters.splice(open.delimiters), drop(marks));
  marks.fill(SHOWN.dropped, at, end);
  marks.fill(SHOWN.dropped, start, label);
  if (isImage) [marks[start], marks[at]] = [SHOWN.space, SHOWN.space];
  else scan.inactive = brackets.length;
  return end;
};

/** Deepest nesting of parentheses in a link target, as in cmark: it bounds what is read again. */
const DEEPEST = 32;

function skipSpace(text: string, at: number): number {
  let end = at;
  while (text[end] === " " || text[end] === "\n" || text[end] === "\t") end += 1;
  return end;
}

/** Offset after `(target "title")` at `at`; -1 if there is none. */
function targetEnd(text: string, at: number): number {
  if (text[at] !== "(") return -1;
  const start = skipSpace(text, at + 1);
  const end = text[start] === "<" ? quotedEnd(text, start, ">") : bareEnd(text, start);
  if (end < 0) return -1;
  const title = skipSpace(text, end);
  if (text[title] === ")") return title + 1;
  const quote = title === end ? undefined : QUOTES[text.charAt(title)];
  const titleEnd = quote === undefined ? -1 : quotedEnd(text, title, quote);
  const close = titleEnd < 0 ? -1 : skipSpace(text, titleEnd);
  return text[close] === ")" ? close + 1 : -1;
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", "(": ")" };

function quotedEnd(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === "<" && quote === ">") return -1;
    else if (text[at] === "(" && quote === ")") return -1;
    else if (text[at] === "\n" && quote === ">") return -1;
  }
  return -1;
}

function bareEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < text.length && text.charAt(at) > " "; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "(") depth += 1;
    else if (text[at] === ")") depth -= 1;
    if (depth < 0 || depth > DEEPEST) break;
  }
  return depth > 0 ? -1 : Math.min(at, text.length);
}

const AUTOLINK =
  /<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+)>/y;

/** An address that is its own text. */
const autolink: Reader = ({ text, marks }, at) => {
  AUTOLINK.lastIndex = at;
  if (!AUTOLINK.test(text)) return at + 1;
  const end = AUTOLINK.lastIndex;
  marks.fill(SHOWN.dropped, at, end);
  marks.fill(SHOWN.code, at + 1, end - 1);
  return end;
};

const READERS: Readonly<Record<string, Reader>> = {
  "\\": escape,
  "`": codeSpan,
  "*": delimiterRun,
  _: delimiterRun,
  "~": delimiterRun,
  "[": bracket,
  "!": bracket,
  "]": closing,
  "<": autolink,
};
