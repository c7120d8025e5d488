import { count } from "../words/amounts.ts";
import { SiteragError } from "../words/errors.ts";
import type { Embedded } from "../words/types.ts";

/** Float32 rounding of a unit vector of 3,072 numbers stays far below this. */
const LENGTH_TOLERANCE = 1e-3;

/**
 * Checks an answer before anything uses it: as many vectors as texts, each of the right length, with
 * finite numbers, of unit length. Throws ANSWER_MALFORMED.
 */
export function checkVectors(
  vectors: readonly Float32Array[],
  texts: number,
  dimensions: number,
): void {
  if (vectors.length !== texts) {
    throw malformed(`${count(vectors.length, "vector")} for ${count(texts, "text")}`);
  }
  for (const [at, vector] of vectors.entries()) {
    const problem = problemOf(vector, dimensions);
    if (problem !== null) throw malformed(`vector ${at + 1} of ${texts} ${problem}`);
  }
}

/** Checks answers that hold vectors of a length. */
export const vectorCheck =
  (dimensions: number) =>
  (outputs: readonly Embedded[], texts: number): void =>
    checkVectors(
      outputs.map(({ vector }) => vector),
      texts,
      dimensions,
    );

function problemOf(vector: Float32Array, dimensions: number): string | null {
  if (vector.length !== dimensions) return `with ${vector.length} numbers, not ${dimensions}`;
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!Number.isFinite(squares)) return "with a number that is not finite";
  const length = Math.sqrt(squares);
  return Math.abs(length - 1) > LENGTH_TOLERANCE
    ? `with a length of ${length.toFixed(3)}, not 1`
    : null;
}

const malformed = (what: string): SiteragError =>
  new SiteragError("ANSWER_MALFORMED", `The embedding model returned ${what}.`);
