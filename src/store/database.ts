import type { Connection, Table } from "@lancedb/lancedb";
import { schemaOf } from "./arrow-rows.ts";
import type { Columns } from "./arrow-rows.ts";
import { lancedb } from "./lancedb.ts";
import { storeError, wrapped } from "./store-error.ts";
import { StoreTable } from "./store-table.ts";
import type { TableSpec } from "./store-table.ts";

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
  async openOrReplace<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    const existing = await this.open(spec);
    const table =
      existing !== null && (await existing.hasColumnsOfSpec())
        ? existing
        : new StoreTable(spec, await wrapped(`create ${spec.name}`, this.#create(spec)));
    await table.complete();
    return table;
  }

  /** Opens the table, made when it is missing, never made anew: for tables written without the lock. */
  async openOrCreate<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
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
