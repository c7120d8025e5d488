import type { Chunk, EmbeddingSpace, Fingerprint, Row } from "../words/types.ts";
import { isSameSpace } from "../words/embedding-space.ts";
import { isIn } from "./sql.ts";
import type { Database } from "./database.ts";
import type { StoreTable } from "./store-table.ts";
import type { Meta, PublishedIndex } from "./meta.ts";
import { chunksTable } from "./tables.ts";
import type { ChunkColumns } from "./tables.ts";

/** Ids in one `IN (…)` of a delete. */
const DELETE_SIZE = 5000;

/**
 * Vectors from which on a cosine index pays: measured with 768 dimensions, a full scan of 10,000 rows
 * takes 15–24 ms against 3 ms, one of 1,000 rows no longer than the index does.
 */
const INDEXED_FROM = 10_000;

/** What a run must know of every row to find out what has changed. */
export interface RowState {
  readonly id: string;
  readonly page: string;
  readonly fingerprint: Fingerprint;
  readonly vectorFingerprint: Fingerprint | null;
}

/** A row as stored, without its vector. */
export type StoredChunk = Chunk & RowState;

/** All columns but the vector. */
export const STORED_COLUMNS = [
  "id",
  "page",
  "fingerprint",
  "vectorFingerprint",
  "url",
  "title",
  "headings",
  "text",
  "locale",
  "version",
  "startLine",
  "endLine",
  "tokens",
] as const;

/** The writer's side of one index: rows as they are now, and changes to them. */
export class ChunkIndex {
  readonly #database: Database;
  readonly #meta: Meta;
  readonly #name: string;
  readonly #space: EmbeddingSpace;
  #table: StoreTable<ChunkColumns> | null = null;

  constructor(database: Database, meta: Meta, name: string, space: EmbeddingSpace) {
    this.#database = database;
    this.#meta = meta;
    this.#name = name;
    this.#space = space;
  }

  published(): Promise<PublishedIndex | null> {
    return this.#meta.published(this.#name);
  }

  /** Version of the table, or null when there is none. */
  async currentVersion(): Promise<number | null> {
    return (await (await this.#open())?.version()) ?? null;
  }

  /**
   * The last complete build, if the rows are still those that it left, in this space. Null when there
   * was none, or when a run since then wrote rows and died: then nothing is known of their pages.
   */
  async untouched(): Promise<PublishedIndex | null> {
    const published = await this.published();
    if (published === null || published.version !== (await this.currentVersion())) return null;
    return isSameSpace(published.space, this.#space) ? published : null;
  }

  /** Every row, without its text. */
  async *states(): AsyncGenerator<RowState> {
    const table = await this.#open();
    if (table !== null) yield* table.scan(["id", "page", "fingerprint", "vectorFingerprint"]);
  }

  /** The rows of some pages, without vectors. */
  async rowsOf(pages: readonly string[]): Promise<StoredChunk[]> {
    const table = await this.#open();
    if (table === null || pages.length === 0) return [];
    return Array.fromAsync(table.scan(STORED_COLUMNS, isIn("page", pages)));
  }

  /** Vectors now in service, by row id. */
  async vectorsOf(ids: readonly string[]): Promise<Map<string, Float32Array>> {
    const vectors = new Map<string, Float32Array>();
    const table = await this.#open();
    if (table === null || ids.length === 0) return vectors;
    for await (const row of table.scan(["id", "vector"], isIn("id", ids))) {
      if (row.vector !== null) vectors.set(row.id, row.vector);
    }
    return vectors;
  }

  /** Adds rows under ids that are not stored yet: cheaper than an upsert, which has to look. */
  async append(rows: readonly Row[]): Promise<void> {
    if (rows.length > 0) await (await this.#ensure()).append(rows);
  }

  /**
   * Upserts rows and deletes vanished ones, in one commit. Readers see it only once `publish` has
   * moved their pin.
   */
  async write(rows: readonly Row[], vanished: readonly string[]): Promise<void> {
    if (rows.length === 0 && vanished.length === 0) return;
    const table = await this.#ensure();
    for (let at = DELETE_SIZE; at < vanished.length; at += DELETE_SIZE) {
      await table.delete(isIn("id", vanished.slice(at, at + DELETE_SIZE)));
    }
    const last = vanished.slice(0, DELETE_SIZE);
    await table.upsert(rows, last.length === 0 ? undefined : isIn("id", last));
  }

  /** Compacts the table, points readers at its newest version, and frees what is older. */
  async publish(state: Omit<PublishedIndex, "version" | "space">): Promise<void> {
    const table = await this.#ensure();
    await table.compact();
    await table.indexVectors("vector", INDEXED_FROM);
    const version = await table.version();
    await this.#meta.publish(this.#name, { ...state, version, space: this.#space });
    await table.dropOldVersions();
  }

  async #ensure(): Promise<StoreTable<ChunkColumns>> {
    const spec = chunksTable(this.#name, this.#space.dimensions);
    this.#table ??= await this.#database.openOrReplace(spec);
    return this.#table;
  }

  /** Null when there is no table, or one of other columns or dimensions: then nothing is kept of it. */
  async #open(): Promise<StoreTable<ChunkColumns> | null> {
    if (this.#table !== null) return this.#table;
    const table = await this.#database.open(chunksTable(this.#name, this.#space.dimensions));
    this.#table = table !== null && (await table.hasColumnsOfSpec()) ? table : null;
    return this.#table;
  }
}
