import type { MergeInsertBuilder, Query, Table, VectorQuery } from "@lancedb/lancedb";
import type * as Arrow from "apache-arrow";
import {
  fromArrow,
  hasShape,
  namesOf,
  selectionOf,
  toArrow,
  VECTORS,
  type Columns,
  type RowOf,
  type Shape,
} from "./arrow-rows.ts";
import { MANY_FILES } from "./compaction.ts";
import { hasLeftovers } from "./leftovers.ts";
import { quote } from "./sql.ts";
import { storeError } from "./store-error.ts";
import type { TableHandle } from "./table-handle.ts";
import { indexFor, nearestIn } from "./vector-index.ts";

export interface TableSpec<C extends Columns> extends Shape {
  readonly name: string;
  readonly key: keyof C & string;
  readonly columns: C;
}

/** A row that a search found, with its cosine similarity. */
export interface Found<Row> {
  readonly row: Row;
  readonly score: number;
}

/** What LanceDB calls the distance of a row that a search by vector found. */
const DISTANCE = "_distance";

/** One table, typed by its columns. */
export class StoreTable<C extends Columns> {
  readonly #spec: TableSpec<C>;
  readonly #handle: TableHandle;
  readonly #table: Table;
  readonly #uri: string;

  constructor(spec: TableSpec<C>, handle: TableHandle, uri: string) {
    this.#spec = spec;
    this.#handle = handle;
    this.#table = handle.table;
    this.#uri = uri;
  }

  async hasColumnsOfSpec(): Promise<boolean> {
    return hasShape(await this.#table.schema(), this.#spec);
  }

  /** Reads all but vectors, by indices too; rejects where that fails. False when columns are missing. */
  async isReadable(): Promise<boolean> {
    const { columns, key } = this.#spec;
    const names = namesOf(columns);
    const { fields } = await this.#table.schema();
    if (names.some((name) => fields.every((field) => field.name !== name))) return false;
    const read = names.filter((name) => !VECTORS.has(columns[name] ?? "string"));
    for await (const _batch of this.#read("read", this.#table.query().select(read)));
    const indexed = await this.#indexedColumns();
    for (const { type } of fields.filter(({ name }) => indexed.includes(name)))
      if ("listSize" in type) await this.nearest([key], new Float32Array(type.listSize).fill(1), 1);
    return true;
  }

  version(): Promise<number> {
    return this.#handle.run("read the version of", this.#table.version());
  }

  countRows(where?: string): Promise<number> {
    return this.#handle.run("count", this.#table.countRows(where));
  }

  /** Yields rows in no particular order, read in batches. */
  async *scan<Name extends keyof C & string>(
    names: readonly Name[],
    where?: string,
  ): AsyncGenerator<RowOf<Pick<C, Name>>> {
    const query = this.#table.query().select(selectionOf(this.#spec, names));
    if (where !== undefined) query.where(where);
    const batches = this.#read("read", query);
    for await (const batch of batches) yield* fromArrow(batch, this.#spec.columns, names);
  }

  async append(rows: readonly RowOf<C>[]): Promise<void> {
    if (rows.length > 0) await this.#handle.add("append to", toArrow(this.#spec, rows));
  }

  /** Writes a row of texts, in one commit: in place of the stored row where `where` holds; null: as a new one. */
  async set(row: RowOf<C>, where: string | null): Promise<void> {
    if (where === null) return this.#handle.add("write", toArrow(this.#spec, [row]));
    const values = Object.entries(row).filter(([name]) => name !== this.#spec.key);
    const valuesSql = Object.fromEntries(values.map(([name, text]) => [name, quote(String(text))]));
    await this.#handle.change("write", () => this.#table.update({ where, valuesSql }));
  }

  /** Upserts by key and deletes the rows where `gone` holds, in one commit. All keys must differ. */
  async upsert(rows: readonly RowOf<C>[], gone?: string): Promise<void> {
    if (rows.length === 0) return gone === undefined ? undefined : this.delete(gone);
    const prepare = (): MergeInsertBuilder => {
      const merge = this.#merge().whenMatchedUpdateAll().whenNotMatchedInsertAll();
      return gone === undefined ? merge : merge.whenNotMatchedBySourceDelete({ where: gone });
    };
    await this.#handle.merge(prepare, toArrow(this.#spec, rows));
  }

  /** Inserts the row. If its key is stored, updates that row if `where` holds (`target.column`); null: never. */
  async upsertIf(row: RowOf<C>, where: string | null): Promise<void> {
    const prepare = (): MergeInsertBuilder => {
      const insert = this.#merge().whenNotMatchedInsertAll();
      return where === null ? insert : insert.whenMatchedUpdateAll({ where });
    };
    await this.#handle.merge(prepare, toArrow(this.#spec, [row]));
  }

  /** Updates the row of that key if there is one and `where` holds (`target.column`). */
  async updateIf(row: RowOf<C>, where: string): Promise<void> {
    const rows = toArrow(this.#spec, [row]);
    await this.#handle.change("write", () =>
      this.#merge().whenMatchedUpdateAll({ where }).execute(rows),
    );
  }

  readonly #merge = (): MergeInsertBuilder => this.#table.mergeInsert(this.#spec.key);

  async delete(where: string): Promise<void> {
    await this.#handle.change("delete from", () => this.#table.delete(where));
  }

  /** How many files the rows are in: one for each commit, until they are merged. */
  async countFragments(): Promise<number> {
    return (await this.#handle.run("measure", this.#table.stats())).fragmentStats.numFragments;
  }

  /** Merges small files and updates the indices; the new version has nothing of deleted rows. */
  async compact(): Promise<void> {
    await this.#handle.compact(this.#spec.key);
  }

  /** Whether there is more on the disk than the newest version, as `tidy` leaves it. */
  hasLeftovers(): Promise<boolean> {
    return this.#handle.run("examine", hasLeftovers(this.#table, this.#uri));
  }

  /** Merges small files and deletes all versions but the newest. Only under the writer's lock. */
  prune(): Promise<void> {
    return this.#handle.prune(this.#spec.key);
  }

  /** The same after a change of rows, and where many were added one by one. */
  async pruneIfWorthwhile(): Promise<void> {
    const { hasChanged } = this.#handle;
    if (hasChanged || (await this.countFragments()) >= MANY_FILES) await this.prune();
  }

  /** Leaves one version and nothing of deleted rows. Only under the writer's lock. */
  async tidy(): Promise<void> {
    await this.compact();
    await this.prune();
  }

  /**
   * Gives a vector column a cosine index once it has `minRows` vectors. Compaction keeps it up to date; what LanceDB
   * changes of it even after that is changed here, so that no later merging makes another version. `has`: which
   * rows have a vector; LanceDB would read all vectors to count those that are not null.
   */
  async indexVectors(column: keyof C & string, minRows: number, has: string): Promise<void> {
    if ((await this.countRows()) < minRows) return;
    if ((await this.#indexedColumns()).includes(column)) return this.#handle.settle(this.#spec.key);
    const vectors = await this.countRows(has);
    if (vectors < minRows) return;
    const config = indexFor(vectors, this.#spec.dimensions ?? 0);
    await this.#handle.write("index", () => this.#table.createIndex(column, { config }));
    await this.#handle.settle(this.#spec.key);
  }

  /** The nearest rows by cosine. `vector` has unit length. */
  nearest<Name extends keyof C & string>(
    names: readonly Name[],
    vector: Float32Array,
    limit: number,
    where?: string,
  ): Promise<Found<RowOf<Pick<C, Name>>>[]> {
    const query = nearestIn(this.#table.vectorSearch(vector), limit);
    return this.#found(query, names, where);
  }

  async #found<Name extends keyof C & string>(
    query: VectorQuery,
    names: readonly Name[],
    where: string | undefined,
  ): Promise<Found<RowOf<Pick<C, Name>>>[]> {
    const found = [];
    if (where !== undefined) query.where(where);
    const selected = query.select(selectionOf(this.#spec, [...names, DISTANCE]));
    for await (const batch of this.#read("search", selected)) {
      const distances = batch.getChild(DISTANCE);
      const rows = [...fromArrow(batch, this.#spec.columns, names)];
      found.push(...rows.map((row, at) => ({ row, score: 1 - Number(distances?.get(at)) })));
    }
    return found;
  }

  async *#read(action: string, query: Query | VectorQuery): AsyncGenerator<Arrow.RecordBatch> {
    try {
      yield* query;
    } catch (cause) {
      throw storeError(`${action} ${this.#spec.name}`, cause);
    }
  }

  async #indexedColumns(): Promise<string[]> {
    const indices = await this.#handle.run("list the indices of", this.#table.listIndices());
    return indices.flatMap(({ columns }) => columns);
  }
}
