import type { Connection, FullTextQuery, OptimizeOptions, Table } from "@lancedb/lancedb";
import type * as Arrow from "apache-arrow";
import { fullTextOptions } from "./full-text-options.ts";
import { storeError, wrapped } from "./store-error.ts";
import { fromArrow, hasShape, schemaOf, toArrow } from "./arrow-rows.ts";
import type { Columns, RowOf } from "./arrow-rows.ts";
import { editsIn, FORM_SHARE, SAME_BEGINNING } from "./full-text-question.ts";
import type { FullTextQuestion } from "./full-text-question.ts";

/** LanceDB behind plain rows: no other file imports it. */

// Set before the first import: the native library reads them once. It is chatty by default.
process.env["LANCEDB_LOG"] ??= "error";
// Rows that are merged at a time. The default, 8,192, holds 38 MB of vectors and text.
process.env["LANCE_DEFAULT_BATCH_SIZE"] ??= "256";
const lancedb = await import("@lancedb/lancedb");
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

/** SQL literal of a text, safe in a `where`. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `column IN (…)`: an OR chain of thousands would crash the process. */
export const isIn = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map(quote).join(",")})`;

/** One database. Readers open tables at a version; writers at the newest one. */
export class Database {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** `uri`: absolute folder or an object store's URI. */
  static async connect(uri: string): Promise<Database> {
    const connection = lancedb.connect(uri, { readConsistencyInterval: 0 });
    return new Database(await wrapped(`open the store at ${uri}`, connection));
  }

  tableNames(): Promise<string[]> {
    return wrapped("list the tables of the store", this.#connection.tableNames({ limit: 10_000 }));
  }

  async open<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C> | null> {
    if (!(await this.tableNames()).includes(spec.name)) return null;
    try {
      return new StoreTable(spec, await this.#connection.openTable(spec.name));
    } catch (cause) {
      // A folder without a version: its maker died before the first one was there.
      if (String(cause).includes("was not found")) return null;
      throw storeError(`open ${spec.name}`, cause);
    }
  }

  /** Opens the table, made anew (empty, in a new version) when it is missing or has other columns. */
  async openOrCreate<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    const existing = await this.open(spec);
    const table =
      existing !== null && (await existing.hasColumnsOfSpec())
        ? existing
        : new StoreTable(spec, await wrapped(`create ${spec.name}`, this.#create(spec)));
    await table.complete();
    return table;
  }

  /** Opens the table, made when it is missing, never made anew: for tables written without the lock. */
  async openOrAdd<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    for (let tries = 1; ; tries += 1) {
      try {
        const table = (await this.open(spec)) ?? (await this.#add(spec));
        await table.complete();
        return table;
      } catch (cause) {
        // Somebody else is making it at this moment.
        if (tries === ADD_TRIES) throw storeError(`create ${spec.name}`, cause);
      }
    }
  }

  async #add<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    const options = { mode: "create", existOk: true } as const;
    const schema = schemaOf(spec);
    return new StoreTable(
      spec,
      await this.#connection.createEmptyTable(spec.name, schema, options),
    );
  }

  #create<C extends Columns>(spec: TableSpec<C>): Promise<Table> {
    return this.#connection.createEmptyTable(spec.name, schemaOf(spec), { mode: "overwrite" });
  }

  async drop(name: string): Promise<void> {
    await wrapped(`drop ${name}`, this.#connection.dropTable(name));
  }

  close(): void {
    this.#connection.close();
  }
}

/** A table is made in two commits: whoever loses both races finds it whole at the third try. */
const ADD_TRIES = 5;

/** Two were always enough; the bound keeps a surprise from becoming a hang. */
const COMPACT_ROUNDS = 5;

function fullTextQuery(question: FullTextQuestion): FullTextQuery {
  const { words, forms = [], phrases = [], weights, isFuzzy = false } = question;
  const columns = Object.entries(weights);
  const near = (word: string): FullTextQuery[] =>
    columns.map(([column, boost]) => {
      const fuzziness = editsIn(word);
      const options = { boost, fuzziness, prefixLength: SAME_BEGINNING };
      return new lancedb.MatchQuery(word, column, options);
    });
  // Not `MultiMatchQuery`: it takes the best column alone, so that words of a question that stand
  // partly in the title and partly in the text do not add up.
  const any = (some: readonly string[], share: number): FullTextQuery[] =>
    columns.map(([column, weight]) => {
      const boost = weight * share;
      return new lancedb.MatchQuery(some.join(" "), column, { boost });
    });
  const together = phrases.flatMap((phrase) =>
    columns.map(([column]) => new lancedb.PhraseQuery(phrase, column)),
  );
  const inflected = forms.length === 0 ? [] : any(forms, FORM_SHARE);
  const queries = isFuzzy ? words.flatMap(near) : [...any(words, 1), ...together, ...inflected];
  return new lancedb.BooleanQuery(queries.map((query) => [lancedb.Occur.Should, query]));
}

/**
 * Candidates of a quantised index that are measured exactly, for every row wanted. With 5 its recall
 * was 1.0 at 1,000, 10,000 and 100,000 rows, and scores are true cosines.
 */
const REFINE_FACTOR = 5;

/** One table, typed by its columns. */
export class StoreTable<C extends Columns> {
  readonly #spec: TableSpec<C>;
  readonly #table: Table;

  constructor(spec: TableSpec<C>, table: Table) {
    this.#spec = spec;
    this.#table = table;
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
    if (!hasKey) await this.#run("key", this.#table.setUnenforcedPrimaryKey(this.#spec.key));
    const { fullText = [] } = this.#spec;
    if (fullText.length === 0) return;
    const indexed = new Set((await this.#table.listIndices()).flatMap(({ columns }) => columns));
    for (const column of fullText.filter((name) => !indexed.has(name))) {
      const config = lancedb.Index.fts(fullTextOptions);
      await this.#run("index", this.#table.createIndex(column, { config }));
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
    await this.#run("append to", this.#table.add(this.#arrowTable(rows)));
  }

  /** Upserts by key and deletes what `deleteWhere` names, in one commit. Keys must differ. */
  async upsert(rows: readonly RowOf<C>[], deleteWhere?: string): Promise<void> {
    if (rows.length === 0) return deleteWhere === undefined ? undefined : this.delete(deleteWhere);
    let merge = this.#table.mergeInsert(this.#spec.key).whenMatchedUpdateAll();
    merge = merge.whenNotMatchedInsertAll();
    if (deleteWhere !== undefined) {
      merge = merge.whenNotMatchedBySourceDelete({ where: deleteWhere });
    }
    await this.#run("write", merge.execute(this.#arrowTable(rows)));
  }

  /** Inserts the row, or updates the present one if `where` holds for it (as `target.…`); null: never. */
  async upsertIf(row: RowOf<C>, where: string | null): Promise<void> {
    const insert = this.#table.mergeInsert(this.#spec.key);
    const merge = where === null ? insert : insert.whenMatchedUpdateAll({ where });
    await this.#run("write", merge.whenNotMatchedInsertAll().execute(this.#arrowTable([row])));
  }

  async delete(where: string): Promise<void> {
    await this.#run("delete from", this.#table.delete(where));
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
      await this.#run("compact", this.#table.optimize(optionsNow()));
      if ((await this.version()) === before) return;
    }
  }

  /** Does the same, and frees the space of all versions but the newest. Only under the writer's lock. */
  tidy(): Promise<void> {
    return this.compact(allOld);
  }

  /** Frees the space of all versions but the newest. Only under the writer's lock. */
  async dropOldVersions(): Promise<void> {
    await this.#run("clean up", this.#table.optimize(allOld()));
  }

  /** Gives a vector column its cosine index from `minRows` vectors on; compaction keeps it fresh. */
  async indexVectors(column: keyof C & string, minRows: number): Promise<void> {
    const indexed = (await this.#table.listIndices()).flatMap(({ columns }) => columns);
    if (indexed.includes(column)) return;
    const count = this.#table.countRows(`${column} IS NOT NULL`);
    if ((await this.#run("count", count)) < minRows) return;
    const config = lancedb.Index.hnswSq({ distanceType: "cosine" });
    await this.#run("index", this.#table.createIndex(column, { config }));
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
}
