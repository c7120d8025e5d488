import type { Block, Piece } from "./blocks.ts";
import { LINE_BREAK_UNITS } from "./tokens.ts";

/** Limits of the parts of a block, in hundredths of a token. */
export interface Limits {
  /** Room for the first part. */
  readonly first: number;
  /** No part may exceed this. */
  readonly limit: number;
  /** Blocks are joined up to this. */
  readonly fill: number;
  /** How many lists and quotations contain the block. */
  readonly depth: number;
}

/** Splits a block that is over the limit. */
export type SplitBlock = (block: Block, limits: Limits) => Piece[];

/** Joins pieces to one, with an empty line between each two. */
export function joinAll(pieces: readonly Piece[]): Piece {
  const text = pieces.map((part) => part.text).join("\n\n");
  const gaps = Math.max(pieces.length - 1, 0) * LINE_BREAK_UNITS;
  const units = pieces.reduce((sum, part) => sum + part.units, gaps);
  const startLine = Math.min(...pieces.map((part) => part.startLine));
  return { text, units, startLine, endLine: Math.max(...pieces.map((part) => part.endLine)) };
}

/** Packs the blocks inside a list item or a quotation into parts within the limit. */
export function packPieces(blocks: readonly Block[], limits: Limits, split: SplitBlock): Piece[] {
  const { first, limit, fill } = limits;
  const parts: Piece[] = [];
  let open: Piece[] = [];
  let used = 0;
  const room = (): number => Math.min(parts.length === 0 ? first : limit, fill);
  const gap = (): number => (open.length === 0 ? 0 : LINE_BREAK_UNITS);
  const close = (): void => {
    if (open.length > 0) parts.push(joinAll(open));
    [open, used] = [[], 0];
  };
  for (const block of blocks) {
    const remaining = { ...limits, first: room() - used - gap() };
    for (const next of block.units <= limit ? [block] : split(block, remaining)) {
      if (used + next.units + gap() > room()) close();
      used += next.units + gap();
      open.push(next);
    }
  }
  close();
  return parts;
}
