import { piece, type Piece } from "./blocks.ts";
import { unitsOf } from "./sections.ts";
import { sentencesOf } from "./split-text.ts";
import { LINE_BREAK_UNITS } from "./tokens.ts";

/** The last whole sentences of running text that fit into `limit`, or null if not even one does. */
function lastSentences(from: Piece, limit: number): Piece | null {
  let found: Piece | null = null;
  for (const { start } of sentencesOf(from.text).toReversed()) {
    const text = from.text.slice(start);
    const line = from.startLine + from.text.slice(0, start).split("\n").length - 1;
    const next = piece(text, Math.min(line, from.endLine), from.endLine);
    if (next.units > limit) break;
    found = next;
  }
  return found;
}

/**
 * Repeats the last sentences of each part of a section at the start of the next part, up to
 * `overlap`, and only while the next part stays within `hard`; both in hundredths of a token.
 */
export function withOverlap(parts: readonly Piece[][], overlap: number, hard: number): Piece[][] {
  return parts.map((part, index) => {
    const last = parts[index - 1]?.at(-1);
    if (overlap === 0 || last?.isProse !== true) return part;
    const room = Math.min(overlap, hard - unitsOf(part) - LINE_BREAK_UNITS);
    const repeated = lastSentences(last, room);
    return repeated === null ? part : [repeated, ...part];
  });
}
