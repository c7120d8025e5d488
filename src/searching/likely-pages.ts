import { firstOf } from "../words/first-of.ts";
import { interleaved, multiply, shorten, SIX, type Vectors } from "./short-vectors.ts";

/** Numbers of a short vector: a sixth of what models give. */
const SHORT = 128;

/**
 * For each page, the numbers of the `most` others whose chunks come nearest to all of its own together, by short
 * vectors: of 2,000 pages, the five nearest are among 80 of these for 99 in 100, or more.
 * @param starts the first chunk of each page, and of the one after the last
 */
export function likelyPages(vectors: Vectors, starts: Uint32Array, most: number): number[][] {
  const { length, numbers } = shorten(vectors, SHORT);
  const count = starts.length - 1;
  const products = new Float64Array((numbers.length / length) * SIX);
  const sumOf = (page: number): Float64Array => {
    const sum = new Float64Array(length);
    const end = (starts[page + 1] ?? 0) * length;
    for (let at = (starts[page] ?? 0) * length; at < end; at += 1)
      sum[at % length] = (sum[at % length] ?? 0) + (numbers[at] ?? 0);
    return sum;
  };
  const likely: number[][] = [];
  for (let first = 0; first < count; first += SIX) {
    const pages = Array.from({ length: Math.min(SIX, count - first) }, (_, at) => first + at);
    multiply(numbers, interleaved(pages.map(sumOf), length), products);
    for (const [at, page] of pages.entries())
      likely.push(highest(bestOfPages(products, at, starts), page, most));
  }
  return likely;
}

/** The highest product of each page's chunks with one of the six vectors. */
function bestOfPages(products: Float64Array, at: number, starts: Uint32Array): Float64Array {
  const best = new Float64Array(starts.length - 1).fill(-Infinity);
  for (let page = 0; page < best.length; page += 1) {
    const end = starts[page + 1] ?? 0;
    for (let chunk = starts[page] ?? 0; chunk < end; chunk += 1) {
      const score = products[chunk * SIX + at] ?? 0;
      if (score > (best[page] ?? 0)) best[page] = score;
    }
  }
  return best;
}

/** The places of the highest scores, the highest first, without that of the page itself. */
function highest(scores: Float64Array, page: number, most: number): number[] {
  scores[page] = -Infinity;
  const higher = (one: number, other: number): number =>
    (scores[other] ?? 0) - (scores[one] ?? 0) || one - other;
  return firstOf(scores.keys(), most, higher).filter((at) => at !== page);
}
