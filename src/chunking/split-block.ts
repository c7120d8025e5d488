import type { Block, Piece } from "./blocks.ts";
import type { Limits } from "./pack-pieces.ts";
import { splitCode } from "./split-fence.ts";
import { splitList, splitQuote } from "./split-nested.ts";
import { splitTable } from "./split-table.ts";
import { splitText } from "./split-text.ts";

/**
 * Splits a block in the way that suits its kind. The first part may have less room than the others;
 * if nothing fits into that room, the first part ignores it.
 */
export function splitBlock(block: Block, limits: Limits): Piece[] {
  const { first, fill } = limits;
  switch (block.kind) {
    case "code":
      return splitCode(block, first, fill);
    case "table":
      return splitTable(block, first, fill);
    case "list":
      return splitList(block, limits, splitBlock);
    case "quote":
      return splitQuote(block, limits, splitBlock);
    default:
      return splitText(block, first, fill).map((part) => ({ ...part, isProse: true }));
  }
}
