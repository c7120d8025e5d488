import { K1 } from "./weights.ts";

/** Codes of a posting's strength: 4 bits. */
const CODES = 16;

/**
 * The code of a weighted frequency: half steps of its binary logarithm, from 1/16 to about 11. Scores are
 * defined on the code, so that readers of files and of memory agree to the last place.
 */
export const codeOf = (frequency: number): number =>
  Math.min(Math.max(Math.round(2 * (Math.log2(frequency) + 4)), 0), CODES - 1);

/** 2^(code / 2 − 4) by products alone: engines may differ in the last place of a power. */
const frequencyOf = (code: number): number =>
  (code % 2 === 0 ? 1 : Math.SQRT2) * ((1 << (code >> 1)) / 16);

/** What a word adds to a section, by its code, as a multiple of its idf: below 2.2. */
export const SATURATION: Float64Array = Float64Array.from({ length: CODES }, (_, code) => {
  const frequency = frequencyOf(code);
  return ((K1 + 1) * frequency) / (frequency + K1);
});

/**
 * How much a term tells that `having` of all sections have. Rounded to 1/1024: engines may differ in the
 * last place of a logarithm.
 */
export const idfOf = (having: number, all: number): number =>
  Math.round(1024 * Math.log(1 + (Math.max(all - having, 0) + 0.5) / (having + 0.5))) / 1024;
