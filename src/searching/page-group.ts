/** Pages that are compared with each other, by the vectors of their chunks. */
export class PageGroup {
  readonly #pages: readonly string[];
  /** The vectors of all chunks, page after page, each `#length` numbers. */
  readonly #vectors: Float32Array;
  readonly #length: number;
  /** The first chunk of each page, and of the one after the last. */
  readonly #starts: Uint32Array;

  /** `vectorsOf`: those of a page's chunks, with unit length. */
  constructor(pages: Iterable<string>, vectorsOf: (page: string) => readonly Float32Array[]) {
    const all = [...pages].map((page) => ({ page, vectors: vectorsOf(page) }));
    const some = all.filter(({ vectors }) => vectors.length > 0);
    const vectors = some.flatMap((one) => one.vectors);
    this.#pages = some.map(({ page }) => page);
    this.#length = vectors[0]?.length ?? 0;
    this.#vectors = new Float32Array(vectors.length * this.#length);
    vectors.forEach((vector, at) => this.#vectors.set(vector, at * this.#length));
    this.#starts = new Uint32Array(some.length + 1);
    some.forEach((one, at) => {
      this.#starts[at + 1] = (this.#starts[at] ?? 0) + one.vectors.length;
    });
  }

  /** For each other page, the highest cosine between `vector`, which has unit length, and one of its chunks. */
  near(page: string, vector: Float32Array): ReadonlyMap<string, number> {
    const scores = new Map<string, number>();
    this.#pages.forEach((other, at) => {
      if (other === page) return;
      let best = -1;
      const end = this.#starts[at + 1] ?? 0;
      for (let chunk = this.#starts[at] ?? 0; chunk < end; chunk += 1)
        best = Math.max(best, this.#cosine(chunk, vector));
      scores.set(other, best);
    });
    return scores;
  }

  /** Four sums, because one would wait for itself; no view of the chunk's vector, which would take as long. */
  #cosine(chunk: number, vector: Float32Array): number {
    const vectors = this.#vectors;
    const length = this.#length;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let at = chunk * length;
    let next = 0;
    for (; next + 3 < length; next += 4, at += 4) {
      a += (vectors[at] ?? 0) * (vector[next] ?? 0);
      b += (vectors[at + 1] ?? 0) * (vector[next + 1] ?? 0);
      c += (vectors[at + 2] ?? 0) * (vector[next + 2] ?? 0);
      d += (vectors[at + 3] ?? 0) * (vector[next + 3] ?? 0);
    }
    for (; next < length; next += 1, at += 1) a += (vectors[at] ?? 0) * (vector[next] ?? 0);
    return a + b + c + d;
  }
}
