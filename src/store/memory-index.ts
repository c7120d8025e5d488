import type { Row } from "../words/hits.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { Database } from "./database.ts";
import { readIn, type IndexReader } from "./index-reader.ts";
import { Meta } from "./meta.ts";
import { ReadStore } from "./read-store.ts";
import { SCHEMA_VERSION } from "./tables.ts";

/** A database of its own for each connection. */
const IN_MEMORY = { uri: "memory://", index: "chunks" };

/** An index that lives in memory: other processes do not see it, and it ends with this one. */
export class MemoryIndex {
  readonly #store: ReadStore;
  readonly #chunks: ChunkIndex;

  private constructor(store: ReadStore, chunks: ChunkIndex) {
    this.#store = store;
    this.#chunks = chunks;
  }

  /** An index without rows. */
  static async open(space: EmbeddingSpace): Promise<MemoryIndex> {
    const database = await Database.connect(IN_MEMORY.uri);
    // Readers open tables of their own: they look at published versions.
    const written = database.guardedBy(() => Promise.resolve());
    const meta = new Meta(written);
    await meta.setSchemaVersion(SCHEMA_VERSION);
    return new MemoryIndex(
      new ReadStore(database),
      new ChunkIndex(written, meta, IN_MEMORY.index, space),
    );
  }

  /** Writes rows, deletes others by their ids, and forgets what it no longer has. */
  async write(rows: readonly Row[], vanished: readonly string[], pages: number): Promise<void> {
    await this.#chunks.write(rows, vanished);
    const publishedAt = new Date(0).toISOString();
    await this.#chunks.publish({ pages, contextModel: null, publishedAt });
  }

  /** The vectors of rows, by id. */
  vectorsOf(ids: readonly string[]): Promise<Map<string, Float32Array>> {
    return this.#chunks.vectorsOf(ids);
  }

  /** Runs `use` with the index open for reading. Throws INDEX_MISSING before the first writing. */
  read<Value>(use: (reader: IndexReader) => Promise<Value>): Promise<Value> {
    return readIn(this.#store, IN_MEMORY, use);
  }

  close(): void {
    this.#store.close();
  }
}
