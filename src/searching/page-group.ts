import { likelyPages } from "./likely-pages.ts";
import type { Vectors } from "./short-vectors.ts";

/** Pages that are compared with each other, by the vectors of their chunks. */
export class PageGroup {
  readonly #pages: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  /** The vectors of all chunks, page after page. */
  readonly #vectors: Vectors;
  /** The first chunk of each page, and of the one after the last. */
  readonly #starts: Uint32Array;
  #likely: readonly (readonly number[])[] | null = null;

  /** `vectorsOf`: those of a page's chunks, with unit length. */
  constructor(pages: Iterable<string>, vectorsOf: (page: string) => readonly Float32Array[]) {
    const all = [...pages].map((page) => ({ page, vectors: vectorsOf(page) }));
    const some = all.filter(({ vectors }) => vectors.length > 0);
    const vectors = some.flatMap((one) => one.vectors);
    this.#pages = some.map(({ page }) => page);
    this.#places = new Map(this.#pages.map((page, at) => [page, at]));
    const length = vectors[0]?.length ?? 0;
    const numbers = new Float32Array(vectors.length * length);
    vectors.forEach((vector, at) => numbers.set(vector, at * length));
    this.#vectors = { numbers, length };
    this.#starts = new Uint32Array(some.length + 1);
    some.forEach((one, at) => {
      this.#starts[at + 1] = (this.#starts[at] ?? 0) + one.vectors.length;
    });
  }

  /** For each other page, the highest cosine between `vector`, which has unit length, and one of its chunks. */
  near(page: string, vector: Float32Array): Map<string, number> {
    return this.#scores(page, vector, this.#pages.keys());
  }

  /**
   * The same for the `most` pages alone that seem to be nearest to that page. The first call compares all pages with
   * each other, roughly: it pays for hundreds of calls.
   */
  nearLikely(page: string, vector: Float32Array, most: number): Map<string, number> {
    this.#likely ??= likelyPages(this.#vectors, this.#starts, most);
    return this.#scores(page, vector, this.#likely[this.#places.get(page) ?? -1] ?? []);
  }

  #scores(page: string, vector: Float32Array, places: Iterable<number>): Map<string, number> {
    const own = this.#places.get(page);
    const scores = new Map<string, number>();
    for (const place of places) {
      if (place === own) continue;
      let best = -1;
      const end = this.#starts[place + 1] ?? 0;
      for (let chunk = this.#starts[place] ?? 0; chunk < end; chunk += 1)
        best = Math.max(best, this.#cosine(chunk, vector));
      scores.set(this.#pages[place] ?? "", best);
    }
    return scores;
  }

  /** Four sums, because one would wait for itself; no view of the chunk's vector, which would take as long. */
  #cosine(chunk: number, vector: Float32Array): number {
    const { length, numbers } = this.#vectors;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let at = chunk * length;
    let next = 0;
    for (; next + 3 < length; next += 4, at += 4) {
      a += (numbers[at] ?? 0) * (vector[next] ?? 0);
      b += (numbers[at + 1] ?? 0) * (vector[next + 1] ?? 0);
      c += (numbers[at + 2] ?? 0) * (vector[next + 2] ?? 0);
      d += (numbers[at + 3] ?? 0) * (vector[next + 3] ?? 0);
    }
    for (; next < length; next += 1, at += 1) a += (numbers[at] ?? 0) * (vector[next] ?? 0);
    return a + b + c + d;
  }
}
