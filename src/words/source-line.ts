import type { Page } from "./types.ts";

/** The lines of a page's text, as far as its source is concerned. */
type Lines = Pick<Page, "bodyLine" | "sourceLines">;

/** The line of the source file for a line of a page's text, counted from `bodyLine` on. */
export function sourceLine(page: Lines, line: number): number {
  const { bodyLine, sourceLines } = page;
  return sourceLines?.[Math.min(line - bodyLine, sourceLines.length - 1)] ?? line;
}

/**
 * The line of the source that puts in the partial to which a line of a page's text belongs; null for the
 * page's own lines. Only the lines of a partial share theirs.
 */
export function partialAt({ bodyLine, sourceLines = [] }: Lines, line: number): number | null {
  const at = line - bodyLine;
  const found = sourceLines[at] ?? null;
  return sourceLines[at - 1] === found || sourceLines[at + 1] === found ? found : null;
}
