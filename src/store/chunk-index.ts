import type { Row } from "../words/hits.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import { hasVectors, isSameSpace } from "../words/embedding-space.ts";
import { namesOf } from "./arrow-rows.ts";
import { inGroups, isIn } from "./sql.ts";
import type { Database } from "./database.ts";
import type { StoreTable } from "./store-table.ts";
import { modelsOf, type Meta, type PublishedIndex } from "./meta.ts";
import { chunksTable, storedColumns, type ChunkColumns } from "./tables.ts";

/** Ids in one `IN (…)` of a delete. */
const DELETE_SIZE = 5000;

/**
 * With this many vectors a cosine index pays. Measured with 768 dimensions: for 10,000 rows a full scan
 * takes 15–24 ms and the index 3 ms; for 1,000 rows both take the same time.
 */
const INDEXED_FROM = 10_000;

/** What a run needs to know of each row to find out what has changed. */
export type RowState = Pick<Row, "id" | "page" | "fingerprint" | "vectorFingerprint">;

/** A row as stored, without its vector. */
export type StoredChunk = Omit<Row, "vector">;

/** The columns that a chunk's sentence of context depends on. */
export const PASSAGE = ["title", "headings", "text"] as const;

/** What a run publishes with its rows. */
type Published = Omit<
  PublishedIndex,
  "version" | "space" | "contextModels" | "pending" | "search"
> &
  Partial<Pick<PublishedIndex, "search">>;

/** The rows that wait for a vector of their own. */
export const PENDING = "vectorFingerprint IS NULL OR vectorFingerprint <> fingerprint";

/** The rows that have a vector, in a space that has any. */
const HAS_VECTOR = "vectorFingerprint IS NOT NULL";

/** All columns but the vector. */
export const STORED_COLUMNS = namesOf(storedColumns);

/** What a writer does with one index: it reads the newest rows and changes them. */
export class ChunkIndex {
  readonly #database: Database;
  readonly #meta: Meta;
  readonly #name: string;
  readonly #space: EmbeddingSpace;
  readonly #spec: ReturnType<typeof chunksTable>;
  #table: StoreTable<ChunkColumns> | null = null;

  constructor(
    database: Database,
    meta: Meta,
    name: string,
    space: EmbeddingSpace,
    tableOf: typeof chunksTable = chunksTable,
  ) {
    this.#database = database;
    this.#meta = meta;
    this.#name = name;
    this.#space = space;
    this.#spec = tableOf(name, space.dimensions);
  }

  published(): Promise<PublishedIndex | null> {
    return this.#meta.published(this.#name);
  }

  /** Version of the table, or null when there is no table. */
  async currentVersion(): Promise<number | null> {
    return (await (await this.#open())?.version()) ?? null;
  }

  /**
   * The last complete build, if its rows are unchanged and in this space. Null when there was none, or
   * when a later run wrote rows and died: then the page records do not describe the rows.
   */
  async untouched(): Promise<PublishedIndex | null> {
    const published = await this.published();
    if (published === null || !isSameSpace(published.space, this.#space)) return null;
    return published.version === (await this.currentVersion()) ? published : null;
  }

  /** All rows, without their texts. */
  async *states(): AsyncGenerator<RowState> {
    const table = await this.#open();
    if (table !== null) yield* table.scan(["id", "page", "fingerprint", "vectorFingerprint"]);
  }

  /** Of the chunks of the last complete build that the rows lack: what their sentences depend on. */
  async *lostPassages(): AsyncGenerator<Pick<Row, (typeof PASSAGE)[number]>> {
    const published = await this.published();
    if (published === null) return;
    const table = await this.#database.openVersion(this.#spec, published.version);
    if (table === null) return;
    const now = new Map<string, string>();
    for await (const { id, fingerprint } of this.states()) now.set(id, fingerprint);
    const before = await Array.fromAsync(table.scan(["id", "fingerprint"]));
    const lost = before.filter(({ id, fingerprint }) => now.get(id) !== fingerprint);
    const ids = lost.map(({ id }) => id);
    for (const where of inGroups("id", ids)) yield* table.scan(PASSAGE, where);
  }

  /** The rows of some pages, without vectors. */
  async rowsOf(pages: readonly string[]): Promise<StoredChunk[]> {
    const table = pages.length === 0 ? null : await this.#open();
    return Array.fromAsync(table?.scan(STORED_COLUMNS, isIn("page", pages)) ?? []);
  }

  /** All pages with rows, in the order of their ids. */
  async pageIds(): Promise<string[]> {
    const rows = (await this.#open())?.scan(["page"]) ?? [];
    const pages = new Set<string>();
    for await (const { page } of rows) pages.add(page);
    return [...pages].sort();
  }

  /** The vectors that searches use now, by row id. */
  async vectorsOf(ids: readonly string[]): Promise<Map<string, Float32Array>> {
    const table = ids.length === 0 ? null : await this.#open();
    const rows = await Array.fromAsync(table?.scan(["id", "vector"], isIn("id", ids)) ?? []);
    return new Map(rows.flatMap(({ id, vector }) => (vector === null ? [] : [[id, vector]])));
  }

  /** Adds rows with new ids. Cheaper than an upsert, which looks for the ids first. */
  async append(rows: readonly Row[]): Promise<void> {
    if (rows.length > 0) await (await this.#ensure()).append(rows);
  }

  /** Upserts rows and deletes vanished ones, in one commit. Readers see the change after `publish`. */
  async write(rows: readonly Row[], vanished: readonly string[]): Promise<void> {
    if (rows.length === 0 && vanished.length === 0) return;
    const table = await this.#ensure();
    const [last, ...others] = inGroups("id", vanished, DELETE_SIZE);
    for (const where of others) await table.delete(where);
    await table.upsert(rows, last);
  }

  /** Compacts the table, points readers at its newest version, and deletes older versions. */
  async publish(state: Published): Promise<void> {
    const table = await this.#ensure();
    const before = await this.published();
    const contextModels = before === null ? [] : modelsOf(before);
    await table.compact();
    if (hasVectors(this.#space)) await table.indexVectors("vector", INDEXED_FROM, HAS_VECTOR);
    const pending = await table.countRows(PENDING);
    const own = { contextModels, space: this.#space, pending };
    const publishNewest = async (): Promise<number> => {
      const version = await table.version();
      await this.#meta.publish(this.#name, { search: null, ...state, ...own, version });
      return version;
    };
    const version = await publishNewest();
    await table.prune();
    // Should LanceDB have changed the index once more, the version before is gone.
    if ((await table.version()) !== version) await publishNewest();
  }

  /** Removes from the disk what is left of deleted rows, unless a later run wrote rows and died. */
  async tidy(): Promise<void> {
    const published = await this.untouched();
    if (published !== null) await this.publish(published);
  }

  /** Removes from the disk what a killed run has left. */
  async tidyLeft(): Promise<void> {
    if ((await (await this.#open())?.hasLeftovers()) === true) await this.tidy();
  }

  async #ensure(): Promise<StoreTable<ChunkColumns>> {
    return (this.#table ??= await this.#database.openOrReplace(this.#spec));
  }

  /** Null when there is no table, or when it has other columns or dimensions: a write replaces it. */
  async #open(): Promise<StoreTable<ChunkColumns> | null> {
    if (this.#table !== null) return this.#table;
    const table = await this.#database.open(this.#spec);
    this.#table = table !== null && (await table.hasColumnsOfSpec()) ? table : null;
    return this.#table;
  }
}
