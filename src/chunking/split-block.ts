import type { List, ListItem } from "mdast";
import { joinAll, piece, type Block, type FlowBlock, type Piece } from "./blocks.ts";
import { columnOf, endOf, skipColumns, startOf } from "./columns.ts";
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

/** Share of the limit up to which the blocks of a quotation are joined; the rest is for its marks. */
const QUOTE_FILL = 0.85;

/** Puts the marks of a list item or a quotation back on a part of its content. */
type Wrap = (text: string, isFirst: boolean) => string;

/** The content of a list item or a quotation, without the marks. */
interface Content {
  readonly markdown: string;
  readonly firstLine: number;
}

function blocksOf({ markdown, firstLine }: Content): readonly Block[] {
  const sink: BlockSink = { blocks: [], headings: [] };
  const root = parseMarkdown(markdown, "mdWithoutMath");
  readBlocks(root, { source: markdown, firstLine, slugger: "none" }, sink);
  return sink.blocks;
}

/** Splits the content; each part gets its marks back if it then stays within the limit. */
function splitInside(content: Content, wrap: Wrap, limits: Limits): Piece[] {
  const inner = { ...limits, depth: limits.depth + 1 };
  return packPieces(blocksOf(content), inner).map((part, index) => {
    const wrapped = piece(wrap(part.text, index === 0), part.startLine, part.endLine);
    return wrapped.units <= limits.limit ? wrapped : part;
  });
}

const indentBy = (text: string, indent: string): string =>
  text.replace(/\n(?=[^\n])/g, `\n${indent}`);

const ITEM_MARK = /^(?:[-+*]|\d+[.)])[ \t]+/;

/** The mark and the content of an item. */
function openItem(source: string, item: ListItem, firstLine: number): Content & { mark: string } {
  const written = source.slice(startOf(item), endOf(item));
  const mark = ITEM_MARK.exec(written)?.[0] ?? "- ";
  const start = startOf(item) + mark.length;
  const line = firstLine + (item.position?.start.line ?? 1) - 1;
  const first = item.children[0];
  const width =
    first === undefined ? mark.length : columnOf(source, first) - (item.checked === null ? 0 : 4);
  const lines = source.slice(start, endOf(item)).split("\n");
  const markdown = lines
    .map((text, index) => (index === 0 ? text : text.slice(skipColumns(text, 0, width))))
    .join("\n");
  return { mark, markdown, firstLine: line };
}

/** Splits an item over the limit; the first part keeps the item's mark. */
function splitItem(opened: Content & { mark: string }, limits: Limits): Piece[] {
  const { mark } = opened;
  const indent = " ".repeat(mark.length);
  const wrap: Wrap = (text, isFirst) => (isFirst ? mark + indentBy(text, indent) : text);
  return splitInside(opened, wrap, limits);
}

/** Splits a list between its items, and an item over the limit between its blocks. */
function splitList(block: FlowBlock, limits: Limits): Piece[] {
  const asText = (): Piece[] => splitText(block, limits.first, limits.limit);
  if (limits.depth > DEEPEST) return asText();
  const { children } = parseMarkdown(block.text, "mdWithoutMath");
  const lists = children.filter((node): node is List => node.type === "list");
  if (lists.length !== children.length) return asText();
  const items = lists.flatMap((list) => list.children);
  const pieces = items.flatMap((item, index): Piece[] => {
    const text = block.text.slice(startOf(item), endOf(item)).trimEnd();
    if (text.trim() === "") return [];
    const line = block.startLine + (item.position?.start.line ?? 1) - 1;
    const whole = piece(text, line, line + text.split("\n").length - 1);
    if (whole.units <= limits.limit) return [whole];
    const room = index === 0 ? limits : { ...limits, first: limits.limit };
    return splitItem(openItem(block.text, item, block.startLine), room);
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
    if (open !== undefined && before !== undefined) {
      const gap = gapBetween(before, next);
      const units = open.units + tokenUnits(gap) + next.units;
      if (units <= Math.min(parts.length === 1 ? first : fill, fill)) {
        const text = open.text + gap + next.text;
        const { startLine } = open;
        parts[parts.length - 1] = { text, units, startLine, endLine: next.endLine };
        return;
      }
    }
    parts.push(next);
  });
  return parts;
}

const quoted: Wrap = (text) => `> ${text.replaceAll("\n", "\n> ")}`.replace(/^> $/gm, ">");

/** Splits a quotation between its blocks; each part gets quotation marks again. */
function splitQuote(block: FlowBlock, limits: Limits): Piece[] {
  if (limits.depth > DEEPEST) return splitText(block, limits.first, limits.limit);
  const markdown = block.text.replace(/^ {0,3}> ?/gm, "");
  const inner = { ...limits, fill: limits.fill * QUOTE_FILL };
  return splitInside({ markdown, firstLine: block.startLine }, quoted, inner);
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
