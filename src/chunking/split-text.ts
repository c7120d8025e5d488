import type { Nodes } from "mdast";
import { piece } from "./blocks.ts";
import type { Piece } from "./blocks.ts";
import { parseMarkdown } from "./markdown-tree.ts";
import { asPlainLine } from "./plain-line.ts";
import { endOf, startOf } from "./columns.ts";
import { applyEdits } from "./source-edits.ts";
import type { Edit } from "./source-edits.ts";
import { cumulativeUnits, PART_UNITS, tokenUnits } from "./tokens.ts";

/** Room for two backslashes before signs that would begin a block, in hundredths of a token. */
const ESCAPE_UNITS = 220;

/** Beyond this many characters the parts of a text are not parsed to keep links whole. */
const LONGEST_PARSED = 20_000;

/** A stretch of text by its offsets. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where a text may be cut, gentlest first. Each match ends at a possible cut. */
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

/** Ranges of code, links, images and the like, which are cut only when nothing else helps. */
function inlineRanges(text: string): Range[] {
  if (text.length > LONGEST_PARSED) return [];
  const ranges: Range[] = [];
  const collect = (node: Nodes): void => {
    if (node.type === "root" || node.type === "paragraph") node.children.forEach(collect);
    else if (node.type !== "text" && node.type !== "break") {
      ranges.push({ start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 });
    }
  };
  collect(parseMarkdown(text, "mdWithoutMath"));
  return ranges;
}

/** Offsets at which the range may be cut on this level; its end is the last. */
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

/** The sentences of running text, each with the space behind it. */
export function sentencesOf(text: string): Range[] {
  let start = 0;
  return cutsOf(text, { start, end: text.length }, 0, inlineRanges(text)).map((end) => {
    const sentence = { start, end };
    start = end;
    return sentence;
  });
}

/** Length of the longest beginning of a text without spaces that keeps the limit. */
function fittingLength(text: string, limit: number): number {
  let length = Math.min(text.length, Math.max(1, Math.floor(limit / 4)));
  while (length > 1 && tokenUnits(text.slice(0, length)) > limit) length = Math.floor(length * 0.8);
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

/** The parts that a text is being cut into. */
interface Cutter {
  readonly text: string;
  readonly inline: readonly Range[];
  readonly sums: Uint32Array;
  readonly limit: number;
  readonly parts: Range[];
  /** The part that is being filled. */
  open: Range | null;
  /** Room of the part that is being filled. */
  room: number;
}

const unitsWithin = ({ sums }: Cutter, { start, end }: Range): number =>
  (sums[end] ?? 0) - (sums[start] ?? 0);

function closePart(cutter: Cutter): void {
  if (cutter.open !== null) cutter.parts.push(cutter.open);
  cutter.open = null;
  cutter.room = cutter.limit;
}

/** Adds a range to the open part, else begins another part with it, else cuts it more finely. */
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

/** Parts of a text that each keep the limit by themselves, in hundredths of a token. */
export function cutText(text: string, first: number, limit: number): Range[] {
  const cutter: Cutter = {
    text,
    inline: inlineRanges(text),
    sums: cumulativeUnits(text),
    limit: Math.max(limit - PART_UNITS, 1),
    parts: [],
    open: null,
    room: Math.max(first - PART_UNITS, 1),
  };
  addRange(cutter, { start: 0, end: text.length }, 0);
  closePart(cutter);
  return cutter.parts;
}

/** Links and pictures that would take half of a part are left with their words alone. */
function withoutLongTargets(text: string, limit: number): string {
  if (text.length > LONGEST_PARSED || !text.includes("](")) return text;
  const edits: Edit[] = [];
  const visit = (node: Nodes): void => {
    const [start, end] = [startOf(node), endOf(node)];
    const isLong = tokenUnits(text.slice(start, end)) > limit / 2;
    if (node.type === "image" && isLong) edits.push({ start, end, text: node.alt ?? "" });
    if (!("children" in node)) return;
    const [first, last] = [node.children[0], node.children.at(-1)];
    if (node.type === "link" && isLong && first !== undefined && last !== undefined) {
      edits.push({ start, end: startOf(first), text: "" });
      edits.push({ start: endOf(last), end, text: "" });
    }
    node.children.forEach(visit);
  };
  visit(parseMarkdown(text, "mdWithoutMath"));
  return applyEdits(text, 0, text.length, edits);
}

/** Splits running text at sentences, else at lines, at words, and at last inside a word. */
export function splitText(block: Piece, firstLimit: number, limit: number): Piece[] {
  const text = withoutLongTargets(block.text, limit);
  let line = block.startLine;
  let from = 0;
  const pieces: Piece[] = [];
  for (const { start, end } of cutText(text, firstLimit - ESCAPE_UNITS, limit - ESCAPE_UNITS)) {
    const raw = text.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    line += lineBreaks(text.slice(from, start + lead));
    from = start + lead;
    const trimmed = raw.trim();
    if (trimmed === "") continue;
    const shown = isSame(trimmed, block.text) ? trimmed : escapeEnds(trimmed, start === 0);
    pieces.push(piece(shown, line, line + lineBreaks(trimmed)));
  }
  return pieces;
}

const lineBreaks = (text: string): number => text.split("\n").length - 1;

const isSame = (part: string, whole: string): boolean => part.length === whole.length;

/** Keeps the lines at a cut from beginning a block, or underlining a heading. */
function escapeEnds(text: string, isFirst: boolean): string {
  const lines = text.split("\n");
  const last = lines.length - 1;
  const isEnd = (index: number): boolean => (index === 0 ? !isFirst : index === last);
  return lines.map((line, index) => (isEnd(index) ? asPlainLine(line) : line)).join("\n");
}
