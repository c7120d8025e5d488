import { inlineText } from "./inline-text.ts";

/** The delimiter row of a table. */
export const DELIMITER_ROW = /^\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)*(?:\|\s*)?$/;

/** A table row of cells, without padding. */
export const tableRow = (cells: readonly string[]): string =>
  `|${cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|")}|`;

function partsOf(row: string): string[] {
  if (!row.includes("\\")) return row.split("|");
  const parts = row.split(/(?<!\\)((?:\\\\)*)\|/);
  return parts.flatMap((part, at) => (at % 2 === 0 ? part + (parts[at + 1] ?? "") : []));
}

/** The cells of a table row as written, without pipes and padding. */
export function cellsOf(row: string): string[] {
  const joined = partsOf(row.trim()).map((cell) => cell.trim());
  if (joined[0] === "" && joined.length > 1) joined.shift();
  if (joined.at(-1) === "" && joined.length > 1) joined.pop();
  return joined;
}

/** The words of a table row. */
export const rowText = (row: string): string =>
  cellsOf(row)
    .map((cell) => inlineText(cell.replaceAll("\\|", "|")))
    .filter((cell) => cell !== "")
    .join(" ");
