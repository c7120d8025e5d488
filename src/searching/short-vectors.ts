/** Vectors of one length, one after the other. */
export interface Vectors {
  readonly numbers: Float32Array;
  /** Numbers of each vector. */
  readonly length: number;
}

/** Vectors as products with a few axes: what is left of them after that, they have hardly in common. */
export interface ShortVectors {
  /** One after the other; at the end zeros, up to an even number of vectors. */
  readonly numbers: Float64Array;
  readonly length: number;
}

/** Vectors that the axes are found with: more make no better axes. */
const MOST_SAMPLES = 1000;

/** How many vectors others are multiplied with at the same time: of 4, 5, 6 and 8, with 6 it is fastest. */
export const SIX = 6;

/** Vectors that are made short at a time: they stay in the processor's cache. */
const BLOCK = 256;

/** Makes vectors short: `count` numbers each, or fewer if that is all they differ in. */
export function shorten(vectors: Vectors, count: number): ShortVectors {
  const { length, numbers } = vectors;
  const axes = mainAxes(vectors, count);
  const all = numbers.length / length;
  const short = new Float64Array((all + (all % 2)) * axes.length);
  const sixes = Array.from({ length: Math.ceil(axes.length / SIX) }, (_, at) =>
    interleaved(axes.slice(at * SIX, (at + 1) * SIX), length),
  );
  const block = new Float64Array(BLOCK * length);
  const products = new Float64Array(BLOCK * SIX);
  for (let first = 0; first < all; first += BLOCK) {
    block.fill(0).set(numbers.subarray(first * length, (first + BLOCK) * length));
    for (const [number, six] of sixes.entries()) {
      multiply(block, six, products);
      const axis = number * SIX;
      for (let at = first; at < Math.min(first + BLOCK, all); at += 1)
        for (let next = axis; next < Math.min(axis + SIX, axes.length); next += 1)
          short[at * axes.length + next] = products[(at - first) * SIX + next - axis] ?? 0;
    }
  }
  return { numbers: short, length: axes.length };
}

/** Six vectors or fewer: their first numbers, their second ones, and so on. */
export function interleaved(
  vectors: readonly (Float32Array | Float64Array)[],
  length: number,
): Float64Array {
  const six = new Float64Array(SIX * length);
  vectors.forEach((vector, at) => {
    for (let next = 0; next < length; next += 1) six[next * SIX + at] = vector[next] ?? 0;
  });
  return six;
}

/**
 * The products of each vector with six interleaved ones. Two vectors and six others at a time: each number that is
 * read is used more than once. That takes less than half the time of one product after the other.
 */
export function multiply(numbers: Float64Array, six: Float64Array, products: Float64Array): void {
  const length = six.length / SIX;
  for (let start = 0, to = 0; start < numbers.length; start += 2 * length, to += 2 * SIX) {
    let [a, b, c, d, e, f] = [0, 0, 0, 0, 0, 0];
    let [g, h, i, j, k, l] = [0, 0, 0, 0, 0, 0];
    for (let at = start, next = 0; next < six.length; at += 1, next += SIX) {
      const one = numbers[at] ?? 0;
      const other = numbers[at + length] ?? 0;
      const first = six[next] ?? 0;
      const second = six[next + 1] ?? 0;
      const third = six[next + 2] ?? 0;
      const fourth = six[next + 3] ?? 0;
      const fifth = six[next + 4] ?? 0;
      const sixth = six[next + 5] ?? 0;
      a += one * first;
      b += one * second;
      c += one * third;
      d += one * fourth;
      e += one * fifth;
      f += one * sixth;
      g += other * first;
      h += other * second;
      i += other * third;
      j += other * fourth;
      k += other * fifth;
      l += other * sixth;
    }
    products[to] = a;
    products[to + 1] = b;
    products[to + 2] = c;
    products[to + 3] = d;
    products[to + 4] = e;
    products[to + 5] = f;
    products[to + 6] = g;
    products[to + 7] = h;
    products[to + 8] = i;
    products[to + 9] = j;
    products[to + 10] = k;
    products[to + 11] = l;
  }
}

/** Axes of unit length at right angles along which vectors have most of their length, by one round of subspace iteration: a second one finds no better ones. */
function mainAxes({ length, numbers }: Vectors, count: number): Float64Array[] {
  const all = numbers.length / length;
  const spread = (most: number): Float64Array[] =>
    Array.from({ length: Math.min(most, all) }, (_, at) => {
      const start = Math.floor((at * all) / Math.min(most, all)) * length;
      return Float64Array.from(numbers.subarray(start, start + length));
    });
  const samples = spread(MOST_SAMPLES);
  const first = atRightAngles(spread(count));
  const sums = first.map(() => new Float64Array(length));
  for (const sample of samples)
    first.forEach((axis, at) => addTo(sums[at], sample, product(axis, sample)));
  return atRightAngles(sums);
}

/** What is left of each vector after the axes before it; a vector that they make up is left out. */
function atRightAngles(vectors: readonly Float64Array[]): Float64Array[] {
  const axes: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    for (const axis of axes) addTo(rest, axis, -product(rest, axis));
    const left = Math.sqrt(product(rest, rest));
    const isOwn = left > LEAST_LEFT * Math.sqrt(product(vector, vector));
    if (isOwn) axes.push(rest.map((number) => number / left));
  }
  return axes;
}

/** A smaller part of a vector may be an error of rounding. */
const LEAST_LEFT = 1e-6;

function addTo(sum: Float64Array | undefined, vector: Float64Array, times: number): void {
  if (sum === undefined) return;
  for (let at = 0; at < vector.length; at += 1)
    sum[at] = (sum[at] ?? 0) + times * (vector[at] ?? 0);
}

/** Two sums, because one would wait for itself. */
function product(one: Float64Array, other: Float64Array): number {
  let [a, b] = [0, 0];
  for (let at = 0; at < one.length; at += 2) {
    a += (one[at] ?? 0) * (other[at] ?? 0);
    b += (one[at + 1] ?? 0) * (other[at + 1] ?? 0);
  }
  return a + b;
}
