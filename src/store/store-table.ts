import type { OptimizeOptions, Table } from "@lancedb/lancedb";
import type * as Arrow from "apache-arrow";
import { fromArrow, hasShape, schemaOf, toArrow } from "./arrow-rows.ts";
import type { Columns, RowOf } from "./arrow-rows.ts";
import { fullTextOptions } from "./full-text-options.ts";
import { fullTextQuery } from "./full-text-query.ts";
import type { FullTextQuestion } from "./full-text-query.ts";
import { lancedb } from "./lancedb.ts";
import { storeError, wrapped } from "./store-error.ts";

export interface TableSpec<C extends Columns> {
  readonly name: string;
  readonly key: keyof C & string;
  readonly columns: C;
  /** Length of the vectors; needed by tables that hold some. */
  readonly dimensions?: number;
  /** Columns with a full-text index. */
  readonly fullText?: readonly (keyof C & string)[];
}

/** Which versions go: all that are no longer the newest by now. */
const allOld = () => ({ cleanupOlderThan: new Date(), deleteUnverified: true });

/** A row as found, with the measure it was found by: cosine similarity or BM25. */
export interface Found<Row> {
  readonly row: Row;
  readonly score: number;
}

/** Two were always enough; the bound keeps a surprise from becoming a hang. */
const COMPACT_ROUNDS = 5;

/**
 * Candidates of a quantised index that are measured exactly, for every row wanted. With 5 its recall
 * was 1.0 at 1,000, 10,000 and 100,000 rows, and scores are true cosines.
 */
const REFINE_FACTOR = 5;

/** Is called before each write, and throws when the caller may not write any more. */
export type WriteGuard = () => Promise<void>;

/** One table, typed by its columns. */
export class StoreTable<C extends Columns> {
  readonly #spec: TableSpec<C>;
  readonly #table: Table;
  readonly #mayWrite: WriteGuard;

  constructor(spec: TableSpec<C>, table: Table, mayWrite: WriteGuard) {
    this.#spec = spec;
    this.#table = table;
    this.#mayWrite = mayWrite;
  }

  async hasColumnsOfSpec(): Promise<boolean> {
    return hasShape(await this.#table.schema(), this.#spec);
  }

  /** Gives the table its key and indices, where the process that made it died before it could. */
  async complete(): Promise<void> {
    const fields = (await this.#table.schema()).fields;
    // Without it, concurrent upserts of the same new key would make duplicate rows.
    const hasKey = fields.some(
      ({ name, metadata }) => name === this.#spec.key && metadata.size > 0,
    );
    if (!hasKey)
      await this.#write("key", () => this.#table.setUnenforcedPrimaryKey(this.#spec.key));
    const { fullText = [] } = this.#spec;
    if (fullText.length === 0) return;
    const indexed = new Set((await this.#table.listIndices()).flatMap(({ columns }) => columns));
    for (const column of fullText.filter((name) => !indexed.has(name))) {
      const config = lancedb.Index.fts(fullTextOptions);
      await this.#write("index", () => this.#table.createIndex(column, { config }));
    }
  }

  version(): Promise<number> {
    return this.#run("read the version of", this.#table.version());
  }

  /** Pins this handle to one version, for readers. False when that version is gone. */
  async checkout(version: number): Promise<boolean> {
    return this.#table.checkout(version).then(
      () => true,
      () => false,
    );
  }

  countRows(where?: string): Promise<number> {
    return this.#run("count", this.#table.countRows(where));
  }

  /** Rows in no particular order, a batch at a time. */
  async *scan<Name extends keyof C & string>(
    names: readonly Name[],
    where?: string,
  ): AsyncGenerator<RowOf<Pick<C, Name>>> {
    const query = this.#table.query().select([...names]);
    if (where !== undefined) query.where(where);
    try {
      for await (const batch of query) yield* fromArrow(batch, this.#spec.columns, names);
    } catch (cause) {
      throw storeError(`read ${this.#spec.name}`, cause);
    }
  }

  async append(rows: readonly RowOf<C>[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#write("append to", () => this.#table.add(this.#arrowTable(rows)));
  }

  /** Upserts by key and deletes what `deleteWhere` names, in one commit. Keys must differ. */
  async upsert(rows: readonly RowOf<C>[], deleteWhere?: string): Promise<void> {
    if (rows.length === 0) return deleteWhere === undefined ? undefined : this.delete(deleteWhere);
    let merge = this.#table.mergeInsert(this.#spec.key).whenMatchedUpdateAll();
    merge = merge.whenNotMatchedInsertAll();
    if (deleteWhere !== undefined) {
      merge = merge.whenNotMatchedBySourceDelete({ where: deleteWhere });
    }
    await this.#write("write", () => merge.execute(this.#arrowTable(rows)));
  }

  /** Inserts the row, or updates the present one if `where` holds for it (as `target.…`); null: never. */
  async upsertIf(row: RowOf<C>, where: string | null): Promise<void> {
    const insert = this.#table.mergeInsert(this.#spec.key).whenNotMatchedInsertAll();
    const merge = where === null ? insert : insert.whenMatchedUpdateAll({ where });
    await this.#write("write", () => merge.execute(this.#arrowTable([row])));
  }

  /** Updates the row of that key if there is one and `where` holds for it (as `target.…`). */
  async updateIf(row: RowOf<C>, where: string): Promise<void> {
    const merge = this.#table.mergeInsert(this.#spec.key).whenMatchedUpdateAll({ where });
    await this.#write("write", () => merge.execute(this.#arrowTable([row])));
  }

  async delete(where: string): Promise<void> {
    await this.#write("delete from", () => this.#table.delete(where));
  }

  /** Files that the rows lie in: one a commit, until they are merged. */
  async countFragments(): Promise<number> {
    return (await this.#run("measure", this.#table.stats())).fragmentStats.numFragments;
  }

  /**
   * Merges small files and brings the indices up to date; content stays the same. Goes on until
   * nothing is left to do, so that `dropOldVersions` makes no version of its own.
   */
  async compact(optionsNow = (): Partial<OptimizeOptions> => ({})): Promise<void> {
    for (let round = 0; round < COMPACT_ROUNDS; round += 1) {
      const before = await this.version();
      await this.#write("compact", () => this.#table.optimize(optionsNow()));
      if ((await this.version()) === before) return;
    }
  }

  /** Does the same, and frees the space of all versions but the newest. Only under the writer's lock. */
  tidy(): Promise<void> {
    return this.compact(allOld);
  }

  /** Frees the space of all versions but the newest. Only under the writer's lock. */
  async dropOldVersions(): Promise<void> {
    await this.#write("clean up", () => this.#table.optimize(allOld()));
  }

  /** Gives a vector column its cosine index from `minRows` vectors on; compaction keeps it fresh. */
  async indexVectors(column: keyof C & string, minRows: number): Promise<void> {
    const indexed = (await this.#table.listIndices()).flatMap(({ columns }) => columns);
    if (indexed.includes(column)) return;
    const count = this.#table.countRows(`${column} IS NOT NULL`);
    if ((await this.#run("count", count)) < minRows) return;
    const config = lancedb.Index.hnswSq({ distanceType: "cosine" });
    await this.#write("index", () => this.#table.createIndex(column, { config }));
  }

  /** Nearest rows by cosine; `vector` has unit length. */
  async nearest<Name extends keyof C & string>(
    names: readonly Name[],
    vector: Float32Array,
    limit: number,
    where?: string,
  ): Promise<Found<RowOf<Pick<C, Name>>>[]> {
    const search = this.#table.vectorSearch(vector).distanceType("cosine");
    const query = search.refineFactor(REFINE_FACTOR).limit(limit);
    if (where !== undefined) query.where(where);
    const batches = query.select([...names, "_distance"]);
    return this.#found(batches, names, "_distance", (distance) => 1 - distance);
  }

  /** Best rows by BM25 over the weighted full-text columns. */
  async matching<Name extends keyof C & string>(
    names: readonly Name[],
    query: FullTextQuestion,
    limit: number,
    where?: string,
  ): Promise<Found<RowOf<Pick<C, Name>>>[]> {
    const search = this.#table.query().fullTextSearch(fullTextQuery(query)).limit(limit);
    if (where !== undefined) search.where(where);
    return this.#found(search.select([...names, "_score"]), names, "_score", (score) => score);
  }

  async #found<Name extends keyof C & string>(
    batches: AsyncIterable<Arrow.RecordBatch>,
    names: readonly Name[],
    measure: string,
    toScore: (value: number) => number,
  ): Promise<Found<RowOf<Pick<C, Name>>>[]> {
    const found = [];
    try {
      for await (const batch of batches) {
        const values = batch.getChild(measure);
        const rows = [...fromArrow(batch, this.#spec.columns, names)];
        found.push(...rows.map((row, at) => ({ row, score: toScore(Number(values?.get(at))) })));
      }
    } catch (cause) {
      throw storeError(`search ${this.#spec.name}`, cause);
    }
    return found;
  }

  #arrowTable(rows: readonly RowOf<C>[]): Arrow.Table {
    return toArrow(schemaOf(this.#spec), rows);
  }

  #run<Value>(action: string, promise: Promise<Value>): Promise<Value> {
    return wrapped(`${action} ${this.#spec.name}`, promise);
  }

  /** All writes pass here, so that a run that has lost its lock makes none. */
  async #write<Value>(action: string, write: () => Promise<Value>): Promise<Value> {
    await this.#mayWrite();
    return this.#run(action, write());
  }
}
