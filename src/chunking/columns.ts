import type { Nodes } from "mdast";
import { codeAt } from "./code-at.ts";

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
  const [from, start] = [lineStartOf(source, startOf(node)), startOf(node)];
  if (from === start) return 0;
  let columns = 0;
  for (const character of source.slice(from, start))
    columns += character === "\t" ? 4 - (columns % 4) : 1;
  return columns;
}

/** Columns of white space from an offset on, at most `most`. */
export function columnsAt(line: string, at: number, most: number): number {
  let columns = 0;
  for (let end = at; columns < most && (line[end] === " " || line[end] === "\t"); end += 1)
    columns += line[end] === "\t" ? 4 - (columns % 4) : 1;
  return columns;
}

/** Whether a line shows nothing from an offset on. Of most lines, the first character says it. */
export function isBlank(line: string, at: number): boolean {
  const code = codeAt(line, at);
  const isShown = code > 32 && code < 127;
  return !isShown && line.slice(at).trim() === "";
}
