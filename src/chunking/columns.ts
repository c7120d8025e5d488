import type { Nodes } from "mdast";

/** Source offset of a node's start. */
export const startOf = (node: Nodes): number => node.position?.start.offset ?? 0;
/** Source offset just after a node. */
export const endOf = (node: Nodes): number => node.position?.end.offset ?? 0;

/** Offset after up to `columns` columns of white space that start at `offset`. */
export function skipColumns(source: string, offset: number, columns: number): number {
  let width = 0;
  let end = offset;
  while (width < columns && (source[end] === " " || source[end] === "\t")) {
    width += source[end] === "\t" ? 4 - (width % 4) : 1;
    end += 1;
  }
  return end;
}

/** Start offset of the line that contains `offset`. */
export const lineStartOf = (source: string, offset: number): number =>
  source.lastIndexOf("\n", offset - 1) + 1;

/** Column (from 0) of a node's start; tab stops are four columns apart. */
export function columnOf(source: string, node: Nodes): number {
  let columns = 0;
  for (const character of source.slice(lineStartOf(source, startOf(node)), startOf(node)))
    columns += character === "\t" ? 4 - (columns % 4) : 1;
  return columns;
}
