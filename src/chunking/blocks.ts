import { tokenUnits } from "./tokens.ts";

/** A stretch of display text with its place in the source. */
export interface Piece {
  /** Display Markdown; neither begins nor ends with an empty line. */
  readonly text: string;
  /** Cost of `text` in hundredths of a token. */
  readonly units: number;
  /** 1-based source lines, both included. */
  readonly startLine: number;
  readonly endLine: number;
  /** Running text: its last sentences may be repeated before the next part. */
  readonly isProse?: boolean;
}

/** A heading that begins a section. */
export interface HeadingBlock extends Piece {
  readonly kind: "heading";
  readonly depth: number;
  /** The heading as a reader sees it, without Markdown. */
  readonly plain: string;
  /** Place among all headings of the page, from 0; -1 when the host gives it no id. */
  readonly order: number;
}

/**
 * Running text, a list, or a quotation. Line n of `text` is line n of the source from `startLine`
 * on, so that every part of it knows its lines.
 */
export interface FlowBlock extends Piece {
  readonly kind: "text" | "list" | "quote";
  /** Whether it announces the block after it and should stay with it. */
  readonly leadsIn: boolean;
}

/** A fence, an indented code block or a math block. */
export interface CodeBlock extends Piece {
  readonly kind: "code";
  /** Opening line, info string included. */
  readonly open: string;
  readonly close: string;
  readonly lines: readonly string[];
  /** Source line of `lines[0]`. */
  readonly firstLine: number;
}

/** A table: one source line a row, header and delimiter first. */
export interface TableBlock extends Piece {
  readonly kind: "table";
  readonly header: string;
  readonly delimiter: string;
  readonly rows: readonly string[];
}

export type ContentBlock = FlowBlock | CodeBlock | TableBlock;
export type Block = HeadingBlock | ContentBlock;

/** Display text on its source lines. */
export function piece(text: string, startLine: number, endLine: number): Piece {
  return { text, units: tokenUnits(text), startLine, endLine };
}

/** A lead-in is no longer than this, in hundredths of a token. */
const LONGEST_LEAD_IN = 6000;

/** Running text, list or quotation whose first line is at `startLine`. */
export function flowBlock(
  kind: FlowBlock["kind"],
  text: string,
  startLine: number,
  title = false,
): FlowBlock {
  const base = piece(text, startLine, startLine + text.split("\n").length - 1);
  const announces = title || (kind === "text" && text.endsWith(":"));
  return {
    ...base,
    kind,
    isProse: kind === "text",
    leadsIn: announces && base.units <= LONGEST_LEAD_IN,
  };
}

/** Text as blocks that are parted at its empty lines. */
export function textBlocks(text: string, startLine: number, title = false): FlowBlock[] {
  const blocks: FlowBlock[] = [];
  let lines: string[] = [];
  text.split("\n").forEach((line, index, all) => {
    if (line.trim() !== "") lines.push(line);
    const ends = line.trim() === "" || index === all.length - 1;
    if (!ends || lines.length === 0) return;
    const last = line.trim() === "" ? index - 1 : index;
    const joined = lines.join("\n").trimEnd();
    blocks.push(flowBlock("text", joined, startLine + last - lines.length + 1, title));
    lines = [];
  });
  return blocks;
}

/** A fence around these lines that nothing in them can close. */
export function codeBlock(
  fence: { readonly marker: string; readonly info: string },
  lines: readonly string[],
  place: { readonly startLine: number; readonly firstLine: number; readonly endLine: number },
): CodeBlock {
  const character = fence.marker[0] ?? "`";
  let length = fence.marker.length;
  for (const line of lines) {
    const run = line.trimStart();
    if (!run.startsWith(fence.marker)) continue;
    let size = 0;
    while (run[size] === character) size += 1;
    length = Math.max(length, size + 1);
  }
  const close = character.repeat(length);
  const open = close + fence.info;
  const text = [open, ...lines, close].join("\n");
  const base = piece(text, place.startLine, place.endLine);
  return { ...base, kind: "code", open, close, lines, firstLine: place.firstLine };
}

/** A table whose first line is at `startLine`. */
export function tableBlock(lines: readonly string[], startLine: number): TableBlock {
  const [header = "", delimiter = "", ...rows] = lines.map((row, index) =>
    index === 1 ? tableRow(cellsOf(row).map(shortDelimiter)) : tableRow(cellsOf(row)),
  );
  const base = piece(
    [header, delimiter, ...rows].join("\n"),
    startLine,
    startLine + lines.length - 1,
  );
  return { ...base, kind: "table", header, delimiter, rows };
}

const shortDelimiter = (cell: string): string => cell.replace(/-+/, "---");

/** A table row without padding. */
export const tableRow = (cells: readonly string[]): string =>
  `|${cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|")}|`;

/** Cells of a table row as they are written, without the pipes and the padding around them. */
export function cellsOf(row: string): string[] {
  const cells = row.trim().split(/(?<!\\)((?:\\\\)*)\|/);
  const joined: string[] = [];
  for (let index = 0; index < cells.length; index += 2) {
    joined.push(`${cells[index] ?? ""}${cells[index + 1] ?? ""}`.trim());
  }
  if (joined[0] === "" && joined.length > 1) joined.shift();
  if (joined.at(-1) === "" && joined.length > 1) joined.pop();
  return joined;
}
