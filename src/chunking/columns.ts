import type { Nodes } from "mdast";

/** Offset in the source at which a node begins. */
export const startOf = (node: Nodes): number => node.position?.start.offset ?? 0;
/** Offset in the source behind a node. */
export const endOf = (node: Nodes): number => node.position?.end.offset ?? 0;

/** Widths of the characters that can stand before a block on its line. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += character === "\t" ? 4 - (columns % 4) : 1;
  return columns;
}

/** Offset behind so many columns of white space, from `offset` on; fewer when there are fewer. */
export function skipColumns(source: string, offset: number, columns: number): number {
  let width = 0;
  let end = offset;
  while (width < columns && (source[end] === " " || source[end] === "\t")) {
    width += source[end] === "\t" ? 4 - (width % 4) : 1;
    end += 1;
  }
  return end;
}

/** Offset of the beginning of the line that an offset stands on. */
export const lineStartOf = (source: string, offset: number): number =>
  source.lastIndexOf("\n", offset - 1) + 1;

/** Column (from 0) at which a node begins. */
export const columnOf = (source: string, node: Nodes): number =>
  columnsOf(source.slice(lineStartOf(source, startOf(node)), startOf(node)));
