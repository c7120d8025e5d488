import type { Connection, CreateTableOptions, Table } from "@lancedb/lancedb";
import { schemaOf } from "./arrow-rows.ts";
import type { Columns } from "./arrow-rows.ts";
import { lancedb } from "./lancedb.ts";
import { storeError, wrapped } from "./store-error.ts";
import { StoreTable } from "./store-table.ts";
import type { TableSpec, WriteGuard } from "./store-table.ts";

/** One database. Readers open tables at a version; writers at the newest one. */
export class Database {
  readonly #connection: Connection;
  readonly #mayWrite: WriteGuard;

  private constructor(connection: Connection, mayWrite: WriteGuard) {
    this.#connection = connection;
    this.#mayWrite = mayWrite;
  }

  /** `uri`: absolute folder or an object store's URI. */
  static async connect(uri: string): Promise<Database> {
    const connection = lancedb.connect(uri, { readConsistencyInterval: 0 });
    return new Database(await wrapped(`open the store at ${uri}`, connection), async () => {});
  }

  /** The same database, for a writer: `mayWrite` is called before each write into it. */
  guardedBy(mayWrite: WriteGuard): Database {
    return new Database(this.#connection, mayWrite);
  }

  tableNames(): Promise<string[]> {
    return wrapped("list the tables of the store", this.#connection.tableNames({ limit: 10_000 }));
  }

  async open<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C> | null> {
    if (!(await this.tableNames()).includes(spec.name)) return null;
    try {
      return this.#tableOf(spec, await this.#connection.openTable(spec.name));
    } catch (cause) {
      // A folder without a version: its maker died before the first one was there.
      if (String(cause).includes("was not found")) return null;
      throw storeError(`open ${spec.name}`, cause);
    }
  }

  /** Opens the table, made anew (empty, in a new version) when it is missing or has other columns. */
  async openOrReplace<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    const existing = await this.open(spec);
    const isUsable = existing !== null && (await existing.hasColumnsOfSpec());
    const table = isUsable ? existing : await this.#create(spec, { mode: "overwrite" });
    await table.complete();
    return table;
  }

  /** Opens the table, made when it is missing, never made anew: for tables written without the lock. */
  async openOrCreate<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    for (let tries = 1; ; tries += 1) {
      try {
        const table =
          (await this.open(spec)) ?? (await this.#create(spec, { mode: "create", existOk: true }));
        await table.complete();
        return table;
      } catch (cause) {
        // Somebody else is making it at this moment.
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

/** A table is made in two commits: whoever loses both races finds it whole at the third try. */
const ADD_TRIES = 5;
