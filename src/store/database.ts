import type { Connection, CreateTableOptions, Table } from "@lancedb/lancedb";
import { schemaOf, type Columns, type RowOf } from "./arrow-rows.ts";
import { lancedb } from "./lancedb.ts";
import { storeError, wrapped } from "./store-error.ts";
import { hasBrokenManifest } from "./manifest-check.ts";
import { requireTemporaryFolder } from "./trial-write.ts";
import { StoreTable, type TableSpec, type WriteGuard } from "./store-table.ts";

/** One LanceDB database. Tables open at their newest version; readers then check out another. */
export class Database {
  readonly #connection: Connection;
  readonly #mayWrite: WriteGuard;
  readonly #uri: string;

  private constructor(uri: string, connection: Connection, mayWrite: WriteGuard) {
    this.#uri = uri;
    this.#connection = connection;
    this.#mayWrite = mayWrite;
  }

  /** `uri` is an absolute folder or the URI of an object store. */
  static async connect(uri: string): Promise<Database> {
    await requireTemporaryFolder();
    const connection = lancedb.connect(uri, { readConsistencyInterval: 0 });
    const opened = await wrapped(`open the store at ${uri}`, connection);
    return new Database(uri, opened, async () => {});
  }

  /** The same database, for a writer: `mayWrite` is called before each write into it. */
  guardedBy(mayWrite: WriteGuard): Database {
    return new Database(this.#uri, this.#connection, mayWrite);
  }

  tableNames(): Promise<string[]> {
    return wrapped("list the tables of the store", this.#connection.tableNames({ limit: 10_000 }));
  }

  async open<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C> | null> {
    if (!this.#uri.includes("://") && (await hasBrokenManifest(this.#uri, spec.name))) {
      throw storeError(`open ${spec.name}`, new Error("The manifest is corrupt."));
    }
    try {
      return this.#tableOf(spec, await this.#connection.openTable(spec.name));
    } catch (cause) {
      // There is no such table, or its folder holds no version: the process that made it died before the first one.
      if (String(cause).includes("was not found")) return null;
      throw storeError(`open ${spec.name}`, cause);
    }
  }

  /** The rows of a table, in no particular order; none if there is no such table. */
  async *scan<C extends Columns, Name extends keyof C & string>(
    spec: TableSpec<C>,
    names: readonly Name[],
    where?: string,
  ): AsyncGenerator<RowOf<Pick<C, Name>>> {
    const table = await this.open(spec);
    if (table !== null) yield* table.scan(names, where);
  }

  /** Opens the table. If it is missing or has other columns, an empty one takes its place. */
  async openOrReplace<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    const existing = await this.open(spec);
    const isUsable = existing !== null && (await existing.hasColumnsOfSpec());
    const table = isUsable ? existing : await this.#create(spec, { mode: "overwrite" });
    await table.complete();
    return table;
  }

  /** Opens the table, or creates it; never replaces one. For tables that are written without the lock. */
  async openOrCreate<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    for (let tries = 1; ; tries += 1) {
      try {
        const table =
          (await this.open(spec)) ?? (await this.#create(spec, { mode: "create", existOk: true }));
        await table.complete();
        return table;
      } catch (cause) {
        // Another process may be creating it at this moment.
        if (tries === ADD_TRIES) throw storeError(`create ${spec.name}`, cause);
      }
    }
  }

  async drop(name: string): Promise<void> {
    await this.#mayWrite();
    await wrapped(`drop ${name}`, this.#connection.dropTable(name));
  }

  async #create<C extends Columns>(
    spec: TableSpec<C>,
    options: Partial<CreateTableOptions>,
  ): Promise<StoreTable<C>> {
    await this.#mayWrite();
    const made = this.#connection.createEmptyTable(spec.name, schemaOf(spec), options);
    return this.#tableOf(spec, await wrapped(`create ${spec.name}`, made));
  }

  #tableOf<C extends Columns>(spec: TableSpec<C>, table: Table): StoreTable<C> {
    return new StoreTable(spec, table, this.#mayWrite);
  }

  close(): void {
    this.#connection.close();
  }
}

/** A process that loses the race to create a table finds it at a later try. */
const ADD_TRIES = 5;
