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

/** Vectors that the axes are found with, and rounds of it: more make no better axes. */
const MOST_SAMPLES = 1000;
const ROUNDS = 2;

/** How many vectors are multiplied at the same time. */
const FOUR = 4;

/** Vectors that are made short at a time: they stay in the processor's cache. */
const BLOCK = 256;

/** Makes vectors short: `count` numbers each, or fewer if that is all they differ in. */
export function shorten(vectors: Vectors, count: number): ShortVectors {
  const { length, numbers } = vectors;
  const axes = mainAxes(vectors, count);
  const all = numbers.length / length;
  const short = new Float64Array((all + (all % 2)) * axes.length);
  const block = new Float64Array(BLOCK * length);
  const products = new Float64Array(BLOCK * FOUR);
  for (let first = 0; first < all; first += BLOCK) {
    block.fill(0).set(numbers.subarray(first * length, (first + BLOCK) * length));
    for (let axis = 0; axis < axes.length; axis += FOUR) {
      multiply(block, interleaved(axes.slice(axis, axis + FOUR), length), products);
      for (let at = first; at < Math.min(first + BLOCK, all); at += 1)
        for (let next = axis; next < Math.min(axis + FOUR, axes.length); next += 1)
          short[at * axes.length + next] = products[(at - first) * FOUR + next - axis] ?? 0;
    }
  }
  return { numbers: short, length: axes.length };
}

/** Four vectors or fewer: their first numbers, their second ones, and so on. */
export function interleaved(
  vectors: readonly (Float32Array | Float64Array)[],
  length: number,
): Float64Array {
  const four = new Float64Array(FOUR * length);
  vectors.forEach((vector, at) => {
    for (let next = 0; next < length; next += 1) four[next * FOUR + at] = vector[next] ?? 0;
  });
  return four;
}

/**
 * The products of each vector with four interleaved ones. Two vectors and four others at a time: each number that is
 * read is used more than once. That takes half the time of one product after the other.
 */
export function multiply(numbers: Float64Array, four: Float64Array, products: Float64Array): void {
  const length = four.length / FOUR;
  for (let start = 0, to = 0; start < numbers.length; start += 2 * length, to += 2 * FOUR) {
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let at = start, next = 0; next < four.length; at += 1, next += FOUR) {
      const one = numbers[at] ?? 0;
      const other = numbers[at + length] ?? 0;
      const first = four[next] ?? 0;
      const second = four[next + 1] ?? 0;
      const third = four[next + 2] ?? 0;
      const fourth = four[next + 3] ?? 0;
      a += one * first;
      b += one * second;
      c += one * third;
      d += one * fourth;
      e += other * first;
      f += other * second;
      g += other * third;
      h += other * fourth;
    }
    products[to] = a;
    products[to + 1] = b;
    products[to + 2] = c;
    products[to + 3] = d;
    products[to + 4] = e;
    products[to + 5] = f;
    products[to + 6] = g;
    products[to + 7] = h;
  }
}

/** Axes of unit length at right angles along which vectors have most of their length, by subspace iteration. */
function mainAxes({ length, numbers }: Vectors, count: number): Float64Array[] {
  const all = numbers.length / length;
  const spread = (most: number): Float64Array[] =>
    Array.from({ length: Math.min(most, all) }, (_, at) => {
      const start = Math.floor((at * all) / Math.min(most, all)) * length;
      return Float64Array.from(numbers.subarray(start, start + length));
    });
  const samples = spread(MOST_SAMPLES);
  let axes = atRightAngles(spread(count));
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = axes.map(() => new Float64Array(length));
    for (const sample of samples)
      axes.forEach((axis, at) => addTo(sums[at], sample, product(axis, sample)));
    axes = atRightAngles(sums);
  }
  return axes;
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
