import type { MemoryIndex } from "../store/memory-index.ts";
import { hasVectors } from "../words/embedding-space.ts";
import type { Row } from "../words/hits.ts";
import type { EmbeddingSpace, Fingerprint } from "../words/types.ts";
import type { PlacedChunk } from "./page-chunks.ts";
import type { PageInMemory } from "./site-in-memory.ts";

/** Reads the vectors of those fingerprints that have one. */
export type ReadVectors = (
  fingerprints: readonly Fingerprint[],
) => Promise<ReadonlyMap<Fingerprint, Float32Array>>;

/** A chunk that is in the index, without its vector. */
interface KnownRow {
  readonly placed: PlacedChunk;
  readonly vectorFingerprint: Fingerprint | null;
}

/** The chunks of a site in memory, with those of their vectors that are paid for. */
export class SiteVectors {
  readonly #index: MemoryIndex;
  readonly #space: EmbeddingSpace;
  readonly #readVectors: ReadVectors;
  /** By page, then by id. */
  readonly #rows = new Map<string, ReadonlyMap<string, KnownRow>>();

  /** `space` is that of the index. */
  constructor(index: MemoryIndex, space: EmbeddingSpace, readVectors: ReadVectors) {
    this.#index = index;
    this.#space = space;
    this.#readVectors = readVectors;
  }

  /** Takes over what has changed on these pages. Those that the site lacks go. */
  async update(
    pages: ReadonlyMap<string, PageInMemory>,
    touched: ReadonlySet<string>,
  ): Promise<void> {
    const before = new Map([...touched].flatMap((page) => [...(this.#rows.get(page) ?? [])]));
    const placed = [...touched].flatMap((page) => pages.get(page)?.chunks ?? []);
    const rows = await this.#withVectors(placed, before);
    const ids = new Set(rows.map(({ id }) => id));
    const vanished = [...before.keys()].filter((id) => !ids.has(id));
    await this.#index.write(rows, vanished, pages.size);
    const vectorOf = new Map(rows.map(({ id, vectorFingerprint }) => [id, vectorFingerprint]));
    for (const page of touched) {
      const known = (pages.get(page)?.chunks ?? []).map((one) => {
        const vectorFingerprint = vectorOf.get(one.chunk.id) ?? null;
        return [one.chunk.id, { placed: one, vectorFingerprint }] as const;
      });
      this.#rows.set(page, new Map(known));
    }
  }

  /** A text that was edited keeps its vector until its new one is there. */
  async #withVectors(
    placed: readonly PlacedChunk[],
    before: ReadonlyMap<string, KnownRow>,
  ): Promise<Row[]> {
    const without = !hasVectors(this.#space);
    const own = without
      ? new Map<string, Float32Array>()
      : await this.#readVectors(placed.map(({ fingerprint }) => fingerprint));
    const wanting = placed.filter(({ fingerprint }) => !own.has(fingerprint));
    const old = await this.#index.vectorsOf(
      wanting.flatMap(({ chunk: { id } }) => (before.has(id) ? [id] : [])),
    );
    return placed.map(({ chunk, fingerprint, position }) => {
      const vector = own.get(fingerprint) ?? old.get(chunk.id) ?? null;
      const inherited = before.get(chunk.id)?.vectorFingerprint ?? null;
      const isOwn = own.has(fingerprint) || without;
      const vectorFingerprint = isOwn ? fingerprint : vector && inherited;
      return { ...chunk, position, fingerprint, vectorFingerprint, vector };
    });
  }

  /** The chunks of some pages that have no vector of their own. */
  pendingIn(pages: ReadonlySet<string>): PlacedChunk[] {
    return [...pages]
      .flatMap((page) => [...(this.#rows.get(page)?.values() ?? [])])
      .filter(({ placed, vectorFingerprint }) => vectorFingerprint !== placed.fingerprint)
      .map(({ placed }) => placed);
  }
}
