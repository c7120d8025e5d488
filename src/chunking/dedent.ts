import type { ListItem, Nodes, Parents } from "mdast";
import { columnOf, endOf, lineStartOf, skipColumns, startOf } from "./columns.ts";

/** A replacement of source text; offsets are those of the syntax tree. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Columns of white space to remove from `start` on; several such edits on one line add up. */
  readonly columns?: number;
  /** Columns of white space that stay on the line, so that it does not leave its list. */
  readonly keep?: number;
  /** Whether the text before it and the text after it are not one word. */
  readonly parts?: boolean;
}

/** Adds edits that remove `columns` of white space at the start of each line of a range but the first. */
export function dedentEdits(
  source: string,
  start: number,
  end: number,
  columns: number,
  edits: Edit[],
): void {
  if (columns <= 0) return;
  let line = source.indexOf("\n", start) + 1;
  while (line > 0 && line < end) {
    edits.push({ start: line, end: line, text: "", columns });
    line = source.indexOf("\n", line) + 1;
  }
}

/** Adds edits that remove the indentation of an element's content, which counts from the element's own. */
export function dedentChildren(node: Parents, source: string, edits: Edit[]): void {
  const column = columnOf(source, node);
  for (const child of node.children) {
    const line = lineStartOf(source, startOf(child));
    if (line <= startOf(node)) continue;
    dedentEdits(source, line - 1, endOf(child), columnOf(source, child) - column, edits);
  }
}

/** Offset after the white space that an edit removes at `from`, on the line that begins at its start. */
export function endOfDedent(source: string, from: number, edit: Edit): number {
  const { columns = 0, keep = 0, start } = edit;
  const end = skipColumns(source, from, columns);
  if (keep === 0) return end;
  const indentation = source.slice(start, skipColumns(source, start, Infinity));
  const removable = indentation.replaceAll("\t", "    ").length - keep;
  return Math.max(from, Math.min(end, skipColumns(source, start, removable)));
}

/** Keeps the lines of an item's content, from the edit at `from` on, as deep as the item's first one. */
function keepInItem(column: number, from: number, edits: Edit[]): void {
  for (const [at, edit] of edits.entries()) {
    if (at >= from && edit.columns !== undefined)
      edits[at] = { ...edit, keep: Math.max(edit.keep ?? 0, column) };
  }
}

/** Markdown takes more extra columns for indented code, which MDX does not have. */
const MOST_EXTRA_COLUMNS = 3;

/**
 * Adds edits that remove extra indentation, which MDX allows, from the blocks of a list item.
 *
 * @param from Index of the first edit of the item's content.
 */
export function dedentItem(item: ListItem, source: string, edits: Edit[], from: number): void {
  const [first] = item.children;
  const column = first === undefined ? 0 : columnOf(source, first);
  for (const child of item.children) {
    const [start, end] = [startOf(child), endOf(child)];
    const isFence = child.type === "code" && /^(?:```|~~~)/.test(source.slice(start, start + 3));
    if (child.type === "code" && !isFence) continue;
    const extra = child === first ? 0 : columnOf(source, child) - column;
    const isDeep = extra > MOST_EXTRA_COLUMNS;
    if (isDeep) dedentEdits(source, lineStartOf(source, start) - 1, end, extra, edits);
    if (isFence) dedentFenceEnd(child, source, isDeep ? column + extra : column, edits);
  }
  keepInItem(column, from, edits);
}

/** Removes the indentation of a closing fence that Markdown would not take for one. */
function dedentFenceEnd(fence: Nodes, source: string, column: number, edits: Edit[]): void {
  const line = lineStartOf(source, endOf(fence));
  const indentation = /^[ \t]*/.exec(source.slice(line, endOf(fence)))?.[0] ?? "";
  const extra = indentation.replaceAll("\t", "    ").length - column;
  if (extra > MOST_EXTRA_COLUMNS) dedentEdits(source, line - 1, endOf(fence), extra, edits);
}
