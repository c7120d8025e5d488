import type { Fingerprint } from "../words/types.ts";

/** 1,000 vectors of 768 numbers are 3 MB: more questions than readers ask again. */
const MOST = 1000;

/** The vectors used last, by fingerprint. Copies in and out, so that callers may change theirs. */
export class RecentVectors {
  readonly #vectors = new Map<Fingerprint, Float32Array>();

  get size(): number {
    return this.#vectors.size;
  }

  get(fingerprint: Fingerprint): Float32Array | undefined {
    const vector = this.#vectors.get(fingerprint);
    if (vector !== undefined) this.set(fingerprint, vector);
    return vector?.slice();
  }

  /** Drops the least recently used vector when there are too many. */
  set(fingerprint: Fingerprint, vector: Float32Array): void {
    this.#vectors.delete(fingerprint);
    this.#vectors.set(fingerprint, vector.slice());
    const [oldest] = this.#vectors.keys();
    if (this.#vectors.size > MOST && oldest !== undefined) this.#vectors.delete(oldest);
  }

  clear(): void {
    this.#vectors.clear();
  }
}
