import { countLineBreaks } from "./line-breaks.ts";
import { shownBlocks } from "./normalised-text.ts";
import type { ShownBlock } from "./shown-block.ts";
import { cellsOf, tableRow } from "./table-cells.ts";
import { LINE_BREAK_UNITS, LINE_UNITS, tokenUnits } from "./tokens.ts";

/** Where a section begins in the source. */
export interface SectionStart {
  /** Plain text of the headings above it and its own, outermost first; none above the first heading. */
  readonly names: readonly string[];
  /** `order` of its heading. */
  readonly order: number;
  readonly startLine: number;
}

/** A block of an embedding input, and what it costs in hundredths of a token. */
export interface CostedBlock extends ShownBlock {
  readonly units: number;
}

/** A passage of display text with its source lines. */
export interface Piece {
  /** Display text: Markdown without empty lines at either end. */
  readonly text: string;
  /** What an embedding input shows of `text`. */
  readonly shown: readonly CostedBlock[];
  /** Cost of `text` in an embedding input, in hundredths of a token. */
  readonly units: number;
  /** 1-based first and last source line. */
  readonly startLine: number;
  readonly endLine: number;
  /** The sections that begin with the piece, or with a line of it. */
  readonly begins?: readonly SectionStart[];
  /** Whether it is running text; only then can the next part repeat its last sentences. */
  readonly isProse?: boolean;
}

/** A heading that begins a section. */
export interface HeadingBlock extends Piece {
  readonly kind: "heading";
  readonly depth: number;
  /** Plain text of the heading, without Markdown. */
  readonly plain: string;
  /** Index among all headings of the page, from 0; -1 if the host gives it no id. */
  readonly order: number;
}

/** A heading inside a list or a quotation. */
export type NestedHeading = Pick<HeadingBlock, "depth" | "plain" | "order" | "startLine">;

/**
 * Running text, a list, or a quotation. Lines of `text` match source lines one to one, from
 * `startLine` on, so every part of it knows its source lines.
 */
export interface FlowBlock extends Piece {
  readonly kind: "text" | "list" | "quote";
  /** Whether it introduces the next block and should stay with it. */
  readonly leadsIn: boolean;
  readonly nested?: readonly NestedHeading[];
}

/** A fence, an indented code block or a math block. */
export interface CodeBlock extends Piece {
  readonly kind: "code";
  /** Opening line, with the info string. */
  readonly open: string;
  readonly close: string;
  readonly lines: readonly string[];
  /** Source line of `lines[0]`. */
  readonly firstLine: number;
}

/** A table: one source line per row, header and delimiter first. */
export interface TableBlock extends Piece {
  readonly kind: "table";
  readonly header: string;
  readonly delimiter: string;
  readonly rows: readonly string[];
}

export type ContentBlock = FlowBlock | CodeBlock | TableBlock;
export type Block = HeadingBlock | ContentBlock;

/** Makes a piece of display text and computes its cost. */
export function piece(text: string, startLine: number, endLine: number): Piece {
  const shown = shownBlocks(text).map((block) => ({ ...block, units: tokenUnits(block.text) }));
  return { text, shown, units: unitsOfBlocks(shown), startLine, endLine };
}

/** Cost of the text of blocks. */
export const unitsOfBlocks = (blocks: readonly CostedBlock[]): number =>
  blocks.reduce((sum, { isItem, units }, index) => {
    const gap = index === 0 ? 0 : isItem ? LINE_UNITS : LINE_BREAK_UNITS;
    return sum + gap + units;
  }, 0);

/** Cost of pieces with an empty line between each two. */
export function unitsOf(pieces: readonly { readonly units: number }[]): number {
  const gaps = Math.max(pieces.length - 1, 0) * LINE_BREAK_UNITS;
  return pieces.reduce((sum, next) => sum + next.units, gaps);
}

/** Joins pieces to one, with an empty line between each two. */
export const joinAll = (pieces: readonly Piece[]): Piece => ({
  text: pieces.map(({ text }) => text).join("\n\n"),
  shown: pieces.flatMap(({ shown }) => shown),
  units: unitsOf(pieces),
  startLine: Math.min(...pieces.map(({ startLine }) => startLine)),
  endLine: Math.max(...pieces.map(({ endLine }) => endLine)),
});

/** Makes a heading whose Markdown is `text`, without the `#` signs. */
export function headingBlock(
  { text, ...shape }: Pick<HeadingBlock, "text" | "depth" | "plain" | "order">,
  startLine: number,
  endLine: number,
): HeadingBlock {
  const base = piece(`${"#".repeat(shape.depth)} ${text}`, startLine, endLine);
  return { ...base, kind: "heading", ...shape };
}

/** Longest lead-in, in hundredths of a token. */
const LONGEST_LEAD_IN = 6000;

/** Makes a block that begins at `startLine`. The title of a box (`isTitle`) belongs to what follows. */
export function flowBlock(
  kind: FlowBlock["kind"],
  text: string,
  startLine: number,
  isTitle = false,
): FlowBlock {
  const base = piece(text, startLine, startLine + countLineBreaks(text));
  const introduces = isTitle || (kind === "text" && text.endsWith(":"));
  const leadsIn = introduces && base.units <= LONGEST_LEAD_IN;
  return { ...base, kind, isProse: kind === "text", leadsIn };
}

const EMPTY_LINE = /(?:^|\n)\s*(?:\n|$)/;

/** Splits running text into blocks at its empty lines; `isTitle` as in `flowBlock`. */
export function textBlocks(text: string, startLine: number, isTitle = false): FlowBlock[] {
  if (!EMPTY_LINE.test(text)) return [flowBlock("text", text.trimEnd(), startLine, isTitle)];
  const blocks: FlowBlock[] = [];
  let lines: string[] = [];
  // The added empty line ends the last block.
  for (const [index, line] of [...text.split("\n"), ""].entries()) {
    if (line.trim() !== "") {
      lines.push(line);
      continue;
    }
    const [joined, start] = [lines.join("\n").trimEnd(), startLine + index - lines.length];
    if (joined !== "") blocks.push(flowBlock("text", joined, start, isTitle));
    lines = [];
  }
  return blocks;
}

/** A fence that none of the lines closes. */
function longerFence(marker: string, lines: readonly string[]): string {
  const mark = marker.charAt(0);
  const opening = new RegExp(`^\\s*(${mark}+)`);
  const length = lines.reduce((longest, line) => {
    const run = opening.exec(line)?.[1]?.length ?? 0;
    return run < longest ? longest : run + 1;
  }, marker.length);
  return mark.repeat(length);
}

/** Fences lines of code, with a fence long enough that none of the lines closes it. */
export function codeBlock(
  fence: { readonly marker: string; readonly info: string },
  lines: readonly string[],
  place: { readonly startLine: number; readonly firstLine: number; readonly endLine: number },
): CodeBlock {
  const code = lines.join("\n");
  const close = code.includes(fence.marker) ? longerFence(fence.marker, lines) : fence.marker;
  const open = close + fence.info;
  const text = `${open}\n${lines.length === 0 ? "" : `${code}\n`}${close}`;
  const base = piece(text, place.startLine, place.endLine);
  return { ...base, kind: "code", open, close, lines, firstLine: place.firstLine };
}

/** A formula of these lines, between its marks. */
export function mathBlock(lines: readonly string[], startLine: number, endLine: number): CodeBlock {
  const base = piece(["$$", ...lines, "$$"].join("\n"), startLine, endLine);
  return { ...base, kind: "code", open: "$$", close: "$$", lines, firstLine: startLine + 1 };
}

/** Makes a table from its lines, the first of which is at `startLine`; drops padding. */
export function tableBlock(lines: readonly string[], startLine: number): TableBlock {
  const [header = "", delimiter = "", ...rows] = lines.map((row, index) =>
    tableRow(cellsOf(row).map((cell) => (index === 1 ? cell.replace(/-+/, "---") : cell))),
  );
  const text = [header, delimiter, ...rows].join("\n");
  const base = piece(text, startLine, startLine + lines.length - 1);
  return { ...base, kind: "table", header, delimiter, rows };
}
