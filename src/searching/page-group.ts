import { firstOf } from "../words/first-of.ts";
import { DotProducts, MOST_OTHERS } from "./dot-products.ts";

/** The scores of the pages from one place on. */
interface Compared {
  readonly first: number;
  /** The product of the mean of a page, by its place from `first`, with the vector of a chunk. */
  readonly product: (page: number, chunk: number) => number;
}

/** Pages that are compared with each other, by the vectors of their chunks. */
export class PageGroup {
  readonly #pages: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  /** The vectors of all chunks, page after page. */
  readonly #vectors: DotProducts;
  /** The first chunk of each page, and of the one after the last. */
  readonly #starts: Uint32Array;
  readonly #means: readonly Float32Array[];
  #compared: Compared | null = null;

  /** `vectorsOf`: those of a page's chunks, with unit length. */
  constructor(pages: Iterable<string>, vectorsOf: (page: string) => readonly Float32Array[]) {
    const all = [...pages].map((page) => ({ page, vectors: vectorsOf(page) }));
    const some = all.filter(({ vectors }) => vectors.length > 0);
    this.#pages = some.map(({ page }) => page);
    this.#places = new Map(this.#pages.map((page, at) => [page, at]));
    this.#vectors = new DotProducts(some.flatMap(({ vectors }) => vectors));
    this.#means = some.flatMap(({ vectors }) => meanOf(vectors) ?? []);
    this.#starts = new Uint32Array(some.length + 1);
    some.forEach(({ vectors }, at) => {
      this.#starts[at + 1] = (this.#starts[at] ?? 0) + vectors.length;
    });
  }

  /**
   * The `most` other pages that come nearest: the highest cosine between the mean of this page's vectors and one of
   * their chunks. Cheapest in the order of the pages: some neighbours are compared together.
   */
  near(page: string, most: number): (readonly [page: string, score: number])[] {
    const own = this.#places.get(page);
    if (own === undefined) return [];
    const { first, product } = this.#comparedWith(own);
    const scores = this.#pages.map((_, place) => {
      let best = -1;
      const end = this.#starts[place + 1] ?? 0;
      for (let chunk = this.#starts[place] ?? 0; chunk < end; chunk += 1)
        best = Math.max(best, product(own - first, chunk));
      return best;
    });
    const higher = (one: number, other: number): number =>
      (scores[other] ?? 0) - (scores[one] ?? 0) || one - other;
    return firstOf(scores.keys(), most + 1, higher)
      .filter((place) => place !== own)
      .slice(0, most)
      .map((place) => [this.#pages[place] ?? "", scores[place] ?? 0]);
  }

  #comparedWith(page: number): Compared {
    const first = page - (page % MOST_OTHERS);
    if (this.#compared?.first !== first) {
      const product = this.#vectors.with(this.#means.slice(first, first + MOST_OTHERS));
      this.#compared = { first, product };
    }
    return this.#compared;
  }
}

/** The mean of vectors, with unit length; null if there are none. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array | null {
  const [first] = vectors;
  if (first === undefined) return null;
  const sum = new Float32Array(first.length);
  for (const vector of vectors)
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
  const length = Math.sqrt(sum.reduce((squares, number) => squares + number ** 2, 0));
  return length === 0 ? first : sum.map((number) => number / length);
}
