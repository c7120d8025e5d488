import { cellsOf, piece, tableRow, type Piece, type TableBlock } from "./blocks.ts";
import { cutText, splitText } from "./split-text.ts";
import { LINE_UNITS, tokenUnits } from "./tokens.ts";

/** Splits a row over the limit into several rows, each with a part of one cell in its column. */
function splitRow(row: string, limit: number): string[] {
  const cells = cellsOf(row);
  const frame = tokenUnits(tableRow(cells.map(() => "")));
  const room = Math.max(limit - frame - LINE_UNITS, 1);
  return cells.flatMap((cell, column) =>
    cutText(cell, room, room).map(({ start, end }) => {
      const part = cell.slice(start, end).trim();
      return tableRow(cells.map((_, index) => (index === column ? part : "")));
    }),
  );
}

/** A table as text, for one whose header takes more than half of the limit. */
function asText(block: TableBlock): Piece {
  const rows = [block.header, "", ...block.rows].map((row) => cellsOf(row).join(" | "));
  return { ...block, text: rows.join("\n") };
}

/** Splits a table between its rows; each part repeats header and delimiter row. */
export function splitTable(block: TableBlock, firstLimit: number, limit: number): Piece[] {
  const head = `${block.header}\n${block.delimiter}`;
  const headUnits = tokenUnits(head) + LINE_UNITS;
  if (headUnits > limit / 2) return splitText(asText(block), firstLimit, limit);
  const rows = block.rows.flatMap((text, index) => {
    const line = block.startLine + 2 + index;
    const fits = headUnits + tokenUnits(text) <= limit;
    return (fits ? [text] : splitRow(text, limit - headUnits)).map((row) => ({ text: row, line }));
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
    const units = tokenUnits(row.text) + LINE_UNITS;
    if (used + units > room) close();
    open.push(row);
    used += units;
  }
  close();
  return pieces;
}
