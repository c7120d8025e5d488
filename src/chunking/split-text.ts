import type { Nodes, Root } from "mdast";
import { piece, type Piece } from "./blocks.ts";
import { parseMarkdown } from "./markdown-tree.ts";
import { asPlainLine } from "./plain-line.ts";
import { endOf, startOf } from "./columns.ts";
import type { Edit } from "./dedent.ts";
import { inlineText, shownUnits } from "./inline-text.ts";
import { countLineBreaks } from "./line-breaks.ts";
import { applyEdits } from "./source-edits.ts";
import { cumulativeUnits, PART_UNITS, tokenUnits } from "./tokens.ts";

/** A longer text, in characters, is not parsed to find the links to keep whole. */
const LONGEST_PARSED = 20_000;

const treeOf = (text: string): Root | null =>
  text.length > LONGEST_PARSED ? null : parseMarkdown(text, "mdWithoutMath");

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where a text may be cut, best places first. A cut is possible at the end of each match. */
const CUTS: readonly { readonly pattern: RegExp; readonly sparesInline: boolean }[] = [
  {
    pattern:
      /(?<!(?:^|\n)[ \t]*\d{1,9})[.!?…]["'”’)\]*_]*\s+(?![\p{Ll}\s])|[。！？]["'”’」』）]*\s*/gu,
    sparesInline: true,
  },
  { pattern: /\n/g, sparesInline: true },
  { pattern: /[;:,—–]\s+|[，；：、]\s*/g, sparesInline: true },
  { pattern: /\s+/g, sparesInline: true },
  { pattern: /\s+/g, sparesInline: false },
  { pattern: /[^\p{L}\p{N}\p{M}\s]+/gu, sparesInline: false },
];

/** Ranges of inline code, links, images and the like, which are cut only as a last resort. */
function inlineRanges(text: string): Range[] {
  const root = treeOf(text);
  if (root === null) return [];
  const ranges: Range[] = [];
  const collect = (node: Nodes): void => {
    if (node.type === "root" || node.type === "paragraph") node.children.forEach(collect);
    else if (node.type !== "text" && node.type !== "break") {
      ranges.push({ start: startOf(node), end: endOf(node) });
    }
  };
  collect(root);
  return ranges;
}

/** Offsets at which the range may be cut on this level of `CUTS`; the last is the range's end. */
function cutsOf(text: string, range: Range, level: number, inline: readonly Range[]): number[] {
  const cut = CUTS[level];
  if (cut === undefined) return [];
  const cuts: number[] = [];
  let next = 0;
  for (const match of text.slice(range.start, range.end).matchAll(cut.pattern)) {
    const offset = range.start + match.index + match[0].length;
    while ((inline[next]?.end ?? Infinity) <= offset) next += 1;
    const isInside = (inline[next]?.start ?? Infinity) < offset;
    if (offset < range.end && !(cut.sparesInline && isInside)) cuts.push(offset);
  }
  return [...cuts, range.end];
}

/** The sentences of running text, each with the white space after it. */
export function sentencesOf(text: string): Range[] {
  let start = 0;
  return cutsOf(text, { start, end: text.length }, 0, inlineRanges(text)).map((end) => {
    const sentence = { start, end };
    start = end;
    return sentence;
  });
}

/** A length, at least one character, at which the start of a text without spaces fits the limit. */
function fittingLength(text: string, limit: number): number {
  let length = Math.min(text.length, Math.max(1, Math.floor(limit / 4)));
  const sums = cumulativeUnits(text.slice(0, length));
  while (length > 1 && (sums[length] ?? 0) > limit) length = Math.floor(length * 0.8);
  const splitsPair = /[\uD800-\uDBFF]$/.test(text.slice(0, length)) && length < text.length;
  if (!splitsPair) return length;
  return length > 1 ? length - 1 : 2;
}

function cutWord(text: string, range: Range, limit: number): Range[] {
  const ranges: Range[] = [];
  for (let start = range.start; start < range.end;) {
    const length = fittingLength(text.slice(start, Math.min(range.end, start + limit)), limit);
    ranges.push({ start, end: start + length });
    start += length;
  }
  return ranges;
}

interface Cutter {
  readonly text: string;
  readonly inline: readonly Range[];
  readonly sums: Uint32Array;
  readonly limit: number;
  readonly parts: Range[];
  /** The part being filled. */
  open: Range | null;
  /** Limit of the part being filled. */
  room: number;
}

const unitsWithin = ({ sums }: Cutter, { start, end }: Range): number =>
  (sums[end] ?? 0) - (sums[start] ?? 0);

function closePart(cutter: Cutter): void {
  if (cutter.open !== null) cutter.parts.push(cutter.open);
  cutter.open = null;
  cutter.room = cutter.limit;
}

/** Adds a range to the open part; else starts a new part with it; else cuts it more finely. */
function addRange(cutter: Cutter, range: Range, level: number): void {
  const joined = { start: cutter.open?.start ?? range.start, end: range.end };
  if (unitsWithin(cutter, joined) <= cutter.room) {
    cutter.open = joined;
    return;
  }
  if (cutter.open !== null) closePart(cutter);
  const units = unitsWithin(cutter, range);
  if (units <= cutter.limit) {
    if (units > cutter.room) closePart(cutter);
    cutter.open = range;
    return;
  }
  if (level >= CUTS.length) {
    cutter.parts.push(...cutWord(cutter.text, range, Math.min(cutter.room, cutter.limit)));
    cutter.room = cutter.limit;
    return;
  }
  let { start } = range;
  for (const end of cutsOf(cutter.text, range, level, cutter.inline)) {
    addRange(cutter, { start, end }, level + 1);
    start = end;
  }
}

function cutAt(text: string, sums: Uint32Array, first: number, limit: number): Range[] {
  const cutter: Cutter = {
    text,
    inline: inlineRanges(text),
    sums,
    limit: Math.max(limit - PART_UNITS, 1),
    parts: [],
    open: null,
    room: Math.max(first - PART_UNITS, 1),
  };
  addRange(cutter, { start: 0, end: text.length }, 0);
  closePart(cutter);
  return cutter.parts;
}

/** Cuts code into parts that each stay within the limit, in hundredths of a token. */
export const cutCode = (code: string, limit: number): Range[] =>
  cutAt(code, cumulativeUnits(code), limit, limit);

/**
 * Cuts running text into parts whose words each stay within the limit, in hundredths of a token. A part
 * that shows the rest of a link is cut again, and so is one whose code span loses its begin to an escape.
 */
export function cutText(text: string, first: number, limit: number): Range[] {
  return cutAt(text, shownUnits(text), first, limit).flatMap((range) => {
    const part = text.slice(range.start, range.end);
    const shown = inlineText(escapeEnds(part.trim(), range.start === 0));
    if (tokenUnits(shown) <= limit) return [range];
    const again = cutAt(part, shownUnits(part, new Uint8Array(part.length)), limit, limit);
    return again.map(({ start, end }) => ({ start: range.start + start, end: range.start + end }));
  });
}

/** Reduces links and images that would take over half of a part to their text. */
function withoutLongTargets(text: string, limit: number): string {
  const root = text.includes("](") ? treeOf(text) : null;
  if (root === null) return text;
  const edits: Edit[] = [];
  const visit = (node: Nodes): void => {
    const [start, end] = [startOf(node), endOf(node)];
    const isLong = (): boolean => tokenUnits(text.slice(start, end)) > limit / 2;
    if (node.type === "image" && isLong()) {
      const alt = text.slice(start, text.lastIndexOf("](", end)).replace(/^!\[/, "");
      edits.push({ start, end, text: ` ${alt} ` });
    }
    if (!("children" in node)) return;
    const [first, last] = [node.children[0], node.children.at(-1)];
    if (node.type === "link" && first !== undefined && last !== undefined && isLong()) {
      edits.push({ start, end: startOf(first), text: "" });
      edits.push({ start: endOf(last), end, text: "" });
    }
    node.children.forEach(visit);
  };
  visit(root);
  return applyEdits(text, 0, text.length, edits);
}

/** Splits running text between sentences, else at lines, between words, or at last inside a word. */
export function splitText(block: Piece, firstLimit: number, limit: number): Piece[] {
  const text = withoutLongTargets(block.text, limit);
  let line = block.startLine;
  let from = 0;
  const pieces: Piece[] = [];
  for (const { start, end } of cutText(text, firstLimit, limit)) {
    const raw = text.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    line += countLineBreaks(text.slice(from, start + lead));
    from = start + lead;
    const trimmed = raw.trim();
    if (trimmed === "") continue;
    const isWhole = trimmed.length === block.text.length;
    const shown = isWhole ? trimmed : escapeEnds(trimmed, start === 0);
    pieces.push(piece(shown, line, line + countLineBreaks(trimmed)));
  }
  return pieces;
}

/** Escapes the lines at a cut, so that none begins a block or underlines a heading. */
function escapeEnds(text: string, isFirst: boolean): string {
  const lines = text.split("\n");
  const last = lines.length - 1;
  const isEnd = (index: number): boolean => (index === 0 ? !isFirst : index === last);
  return lines.map((line, index) => (isEnd(index) ? asPlainLine(line) : line)).join("\n");
}
