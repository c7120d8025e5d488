import type { Pieces } from "./gemini-rest.ts";

/** Least length of a piece, in characters. */
const PIECE = 65_536;

/**
 * A text file of tens of megabytes, made while it is sent. `linesOf` is called twice and gives the same lines, without
 * their ends: whoever sends a file says first how many bytes it has.
 */
export function fileOf(linesOf: () => Iterable<string>): Pieces {
  let bytes = 0;
  for (const line of linesOf()) bytes += Buffer.byteLength(line) + 1;
  return { bytes, pieces: () => piecesOf(linesOf()) };
}

function* piecesOf(lines: Iterable<string>): Generator<Uint8Array> {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  if (piece !== "") yield Buffer.from(piece);
}
