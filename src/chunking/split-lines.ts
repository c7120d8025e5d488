import { piece, type CodeBlock, type Piece, type TableBlock } from "./blocks.ts";
import { asPlainLine } from "./plain-line.ts";
import { cutCode, cutText, splitText } from "./split-text.ts";
import { cellsOf, rowText, tableRow } from "./table-cells.ts";
import { LINE_UNITS, tokenUnits } from "./tokens.ts";

interface CodeLine {
  readonly text: string;
  readonly units: number;
  readonly line: number;
}

/** Lines of code; a line over the limit is cut, at spaces if possible. */
function fittingLines(block: CodeBlock, limit: number): CodeLine[] {
  return block.lines.flatMap((text, index) => {
    const line = block.firstLine + index;
    const units = tokenUnits(text) + LINE_UNITS;
    if (units <= limit) return [{ text, units, line }];
    const room = Math.max(limit - LINE_UNITS, 1);
    return cutCode(text, room).map(({ start, end }) => {
      const part = text.slice(start, end);
      return { text: part, units: tokenUnits(part) + LINE_UNITS, line };
    });
  });
}

/** How many lines from `start` on go into one part; it ends at an empty line if one is far enough. */
function partLength(lines: readonly CodeLine[], start: number, limit: number): number {
  let units = 0;
  let end = start;
  let blank = -1;
  for (; end < lines.length; end += 1) {
    const line = lines[end];
    if (line === undefined || (units + line.units > limit && end > start)) break;
    units += line.units;
    if (line.text.trim() === "" && end - start > 1) blank = end;
  }
  if (end === lines.length) return end - start;
  const isFarEnough = blank - start > (end - start) / 3;
  return (isFarEnough ? blank : end) - start;
}

/** The longest opening line that takes at most half of the limit: with info string, language or neither. */
function openingWithin(block: CodeBlock, limit: number): string {
  const marker = block.close;
  const language = block.open.slice(marker.length).trim().split(/\s/)[0] ?? "";
  const choices = [block.open, marker + language, marker];
  return choices.find((open) => tokenUnits(open) <= limit / 2) ?? marker;
}

/** Code as text, for a fence whose marks would take most of each part. */
const withoutFence = ({ lines, firstLine, ...block }: CodeBlock): Piece => ({
  ...block,
  text: lines.join("\n"),
  startLine: firstLine,
});

/** Splits code into several fences, each with the info string, at empty lines where possible. */
export function splitCode(block: CodeBlock, firstLimit: number, limit: number): Piece[] {
  const open = openingWithin(block, limit);
  if (tokenUnits(block.close) > limit / 4) return splitText(withoutFence(block), firstLimit, limit);
  const lines = fittingLines(block, limit);
  const pieces: Piece[] = [];
  let room = (lines[0]?.units ?? 0) > firstLimit ? limit : firstLimit;
  for (let start = 0; start < lines.length;) {
    const part = lines.slice(start, start + partLength(lines, start, room));
    start += part.length;
    room = limit;
    while (part.length > 0 && part[0]?.text.trim() === "") part.shift();
    while (part.length > 0 && part.at(-1)?.text.trim() === "") part.pop();
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) continue;
    const text = [open, ...part.map((line) => line.text), block.close].join("\n");
    pieces.push(piece(text, first.line, last.line));
  }
  return pieces;
}

/**
 * Splits a row over the limit into several rows, each with a part of one cell in its column. Cells without a
 * column of the header join the last one.
 */
function splitRow(row: string, columns: number, limit: number): string[] {
  const all = cellsOf(row);
  const cells = [...all.slice(0, columns - 1), all.slice(columns - 1).join(" \\| ")];
  const room = Math.max(limit - LINE_UNITS, 1);
  return cells.flatMap((cell, column) =>
    cutText(cell, room, room).map(({ start, end }) => {
      const part = cell.slice(start, end).trim();
      return tableRow(cells.map((_, index) => (index === column ? part : "")));
    }),
  );
}

/** A table as text, for one whose header takes more than half of the limit. */
function asText(block: TableBlock): Piece {
  const rows = [block.header, "", ...block.rows].map((row) =>
    asPlainLine(cellsOf(row).join(" | ")),
  );
  return { ...block, text: rows.join("\n") };
}

const rowUnits = (row: string): number => tokenUnits(rowText(row)) + LINE_UNITS;

/** Splits a table between its rows; each part repeats header and delimiter row. */
export function splitTable(block: TableBlock, firstLimit: number, limit: number): Piece[] {
  const head = `${block.header}\n${block.delimiter}`;
  // Each part shows the header with its links.
  if (tokenUnits(head) > limit / 2) return splitText(asText(block), firstLimit, limit);
  const headUnits = tokenUnits(rowText(block.header));
  const columns = cellsOf(block.header).length;
  const rows = block.rows.flatMap((text, index) => {
    const line = block.startLine + 2 + index;
    const fits = headUnits + rowUnits(text) <= limit;
    const parts = fits ? [text] : splitRow(text, columns, limit - headUnits);
    return parts.map((row) => ({ text: row, line, units: rowUnits(row) }));
  });
  const pieces: Piece[] = [];
  let open: typeof rows = [];
  let room = firstLimit - headUnits;
  let used = 0;
  const close = (): void => {
    const [first, last] = [open[0], open.at(-1)];
    if (first !== undefined && last !== undefined) {
      const text = [head, ...open.map((row) => row.text)].join("\n");
      pieces.push(piece(text, pieces.length === 0 ? block.startLine : first.line, last.line));
    }
    [open, used, room] = [[], 0, limit - headUnits];
  };
  for (const row of rows) {
    if (used + row.units > room) close();
    open.push(row);
    used += row.units;
  }
  close();
  return pieces;
}
