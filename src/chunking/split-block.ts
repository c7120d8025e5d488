import type { ListItem } from "mdast";
import { joinAll, piece, type Block, type FlowBlock, type Piece } from "./blocks.ts";
import { columnOf, endOf, skipColumns, startOf } from "./columns.ts";
import { readLines } from "./line-blocks.ts";
import { countLineBreaks } from "./line-breaks.ts";
import { parseMarkdown } from "./markdown-tree.ts";
import { readBlocks, type BlockSink } from "./read-blocks.ts";
import { splitCode, splitTable } from "./split-lines.ts";
import { splitText } from "./split-text.ts";
import { LINE_BREAK_UNITS, tokenUnits } from "./tokens.ts";

/** Limits of the parts of a block, in hundredths of a token. */
export interface Limits {
  /** Room for the first part. */
  readonly first: number;
  /** No part may exceed this. */
  readonly limit: number;
  /** Blocks are joined up to this. */
  readonly fill: number;
  /** How many lists and quotations contain the block. */
  readonly depth: number;
}

/**
 * Splits a block in the way that suits its kind. The first part may have less room than the others;
 * if nothing fits into that room, the first part ignores it.
 */
export function splitBlock(block: Block, limits: Limits): Piece[] {
  const { first, fill } = limits;
  switch (block.kind) {
    case "code":
      return splitCode(block, first, fill);
    case "table":
      return splitTable(block, first, fill);
    case "list":
      return splitList(block, limits);
    case "quote":
      return splitQuote(block, limits);
    default:
      return splitText(block, first, fill).map((part) => ({ ...part, isProse: true }));
  }
}

/** Lists and quotations nested deeper than this are split as running text. */
const DEEPEST = 4;

/** Puts the marks of a list item or a quotation back on a part of its content. */
type Wrap = (text: string, isFirst: boolean) => string;

/**
 * Splits the content of a list item or a quotation, given without its marks. Each part gets them
 * back if it then stays within the limit.
 */
function splitInside(source: string, firstLine: number, wrap: Wrap, limits: Limits): Piece[] {
  const sink: BlockSink = { blocks: [], headings: [] };
  // Astro takes no attributes off a heading; what another host takes off is off already.
  const page = { slugger: "none", host: "astro", format: "md", bodyLine: 1 } as const;
  const root = parseMarkdown(source, "mdWithoutMath");
  if (root === null) readLines(source, firstLine, sink, page.host);
  else readBlocks(root, { source, firstLine, page, isShown: true }, sink);
  const inner = { ...limits, depth: limits.depth + 1 };
  return packPieces(sink.blocks, inner).map((part, index) => {
    const wrapped = piece(wrap(part.text, index === 0), part.startLine, part.endLine);
    return wrapped.units <= limits.limit ? wrapped : part;
  });
}

const ITEM_MARK = /^(?:[-+*]|\d+[.)])[ \t]+/;

/** Splits an item over the limit, which begins at `firstLine`; the first part keeps its mark. */
function splitItem(source: string, item: ListItem, firstLine: number, limits: Limits): Piece[] {
  const mark = ITEM_MARK.exec(source.slice(startOf(item), endOf(item)))?.[0] ?? "- ";
  const first = item.children[0];
  const width =
    first === undefined ? mark.length : columnOf(source, first) - (item.checked === null ? 0 : 4);
  const [open, ...lines] = source.slice(startOf(item) + mark.length, endOf(item)).split("\n");
  const content = [open, ...lines.map((line) => line.slice(skipColumns(line, 0, width)))];
  const indented = `\n${" ".repeat(mark.length)}`;
  const wrap: Wrap = (text, isFirst) =>
    isFirst ? mark + text.replace(/\n(?=[^\n])/g, indented) : text;
  return splitInside(content.join("\n"), firstLine, wrap, limits);
}

/** Splits a list between its items, and an item over the limit between its blocks. */
function splitList(block: FlowBlock, limits: Limits): Piece[] {
  const children = parseMarkdown(block.text, "mdWithoutMath")?.children ?? [];
  const lists = children.filter((node) => node.type === "list");
  if (limits.depth > DEEPEST || lists.length !== children.length || lists.length === 0)
    return splitText(block, limits.first, limits.limit);
  const items = lists.flatMap((list) => list.children);
  const pieces = items.flatMap((item, index): Piece[] => {
    const text = block.text.slice(startOf(item), endOf(item)).trimEnd();
    if (text.trim() === "") return [];
    const line = block.startLine + (item.position?.start.line ?? 1) - 1;
    const whole = piece(text, line, line + countLineBreaks(text));
    if (whole.units <= limits.limit) return [whole];
    const room = index === 0 ? limits : { ...limits, first: limits.limit };
    return splitItem(block.text, item, line, room);
  });
  return joinItems(pieces, limits);
}

const isItem = (next: Piece): boolean => ITEM_MARK.test(next.text);

/** A line end between items on neighbouring lines (a tight list), else an empty line. */
const gapBetween = (before: Piece, after: Piece): string =>
  isItem(before) && isItem(after) && after.startLine - before.endLine <= 1 ? "\n" : "\n\n";

/** Joins neighbouring pieces into one part, as long as they fit. */
function joinItems(pieces: readonly Piece[], { first, fill }: Limits): Piece[] {
  const parts: Piece[] = [];
  pieces.forEach((next, index) => {
    const open = parts.at(-1);
    const before = pieces[index - 1];
    const gap = before === undefined ? "" : gapBetween(before, next);
    const units = (open?.units ?? 0) + tokenUnits(gap) + next.units;
    if (open === undefined || units > Math.min(parts.length === 1 ? first : fill, fill)) {
      parts.push(next);
    } else {
      const text = open.text + gap + next.text;
      const shown = [...open.shown, ...next.shown];
      const { startLine } = open;
      parts[parts.length - 1] = { text, shown, units, startLine, endLine: next.endLine };
    }
  });
  return parts;
}

const quoted: Wrap = (text) => `> ${text.replaceAll("\n", "\n> ")}`.replace(/^> $/gm, ">");

/** Splits a quotation between its blocks; each part gets quotation marks again. */
function splitQuote(block: FlowBlock, limits: Limits): Piece[] {
  if (limits.depth > DEEPEST) return splitText(block, limits.first, limits.limit);
  const content = block.text.replace(/^ {0,3}> ?/gm, "");
  return splitInside(content, block.startLine, quoted, limits);
}

/** Packs the blocks inside a list item or a quotation into parts within the limit. */
function packPieces(blocks: readonly Block[], limits: Limits): Piece[] {
  const { first, limit, fill } = limits;
  const parts: Piece[] = [];
  let open: Piece[] = [];
  let used = 0;
  const room = (): number => Math.min(parts.length === 0 ? first : limit, fill);
  const gap = (): number => (open.length === 0 ? 0 : LINE_BREAK_UNITS);
  const close = (): void => {
    if (open.length > 0) parts.push(joinAll(open));
    [open, used] = [[], 0];
  };
  for (const block of blocks) {
    const remaining = { ...limits, first: room() - used - gap() };
    for (const next of block.units <= limit ? [block] : splitBlock(block, remaining)) {
      if (used + next.units + gap() > room()) close();
      used += next.units + gap();
      open.push(next);
    }
  }
  close();
  return parts;
}
