import type { Connection, CreateTableOptions } from "@lancedb/lancedb";
import { schemaOf, type Columns, type RowOf } from "./arrow-rows.ts";
import { lancedb } from "./lancedb.ts";
import { RowPlaces } from "./row-places.ts";
import { storeError, wrapped } from "./store-error.ts";
import { hasBrokenManifest, stampOfTable } from "./newest-manifest.ts";
import { requireTemporaryFolder } from "./trial-write.ts";
import type { WriteGuard } from "./held-lock.ts";
import { StoreTable, type TableSpec } from "./store-table.ts";
import { TableHandle, type TableHistory } from "./table-handle.ts";

/** A table; null: there was none. */
interface OpenedTable {
  /** `stampOf` the table, when it was opened. */
  readonly stamp: string | null;
  /** The version that it shows for good; null: always the newest. */
  readonly version: number | null;
  readonly handle: Promise<TableHandle | null>;
}

/**
 * One LanceDB database. A table in a folder is opened once for all who ask for it until another process changes it:
 * what LanceDB has read of it, its vector index above all, serves the next search.
 */
export class Database {
  readonly #connection: Connection;
  readonly #mayWrite: WriteGuard;
  readonly #uri: string;
  /** Tables that were opened, by name, each with the state that it was opened in. */
  readonly #opened = new Map<string, OpenedTable>();
  /** Whether this process alone writes into the database, and so may rely on what it knows of it. */
  readonly isExclusive: boolean;

  private constructor(
    uri: string,
    connection: Connection,
    mayWrite: WriteGuard,
    isExclusive: boolean,
  ) {
    this.#uri = uri;
    this.#connection = connection;
    this.#mayWrite = mayWrite;
    this.isExclusive = isExclusive;
  }

  /** `uri` is an absolute folder or the URI of an object store. */
  static async connect(uri: string): Promise<Database> {
    await requireTemporaryFolder();
    const session = new lancedb.Session(INDEX_CACHE_BYTES, METADATA_CACHE_BYTES);
    const connection = lancedb.connect(uri, { readConsistencyInterval: 0 }, session);
    const opened = await wrapped(`open the store at ${uri}`, connection);
    return new Database(uri, opened, async () => {}, false);
  }

  /** The same database, for the holder of the writer's lock: `mayWrite` is called before each write into it. */
  guardedBy(mayWrite: WriteGuard): Database {
    return new Database(this.#uri, this.#connection, mayWrite, true);
  }

  tableNames(): Promise<string[]> {
    return wrapped("list the tables of the store", this.#connection.tableNames({ limit: 10_000 }));
  }

  /**
   * Tells the states of a table apart: an equal text means that nothing was written into it. Null: only reading the
   * table can tell.
   */
  stampOf(name: string): string | null {
    if (this.isExclusive) return "ours";
    return this.#uri.includes("://") ? null : stampOfTable(this.#uri, name);
  }

  /** Where the rows of some keys lie; null: there is no such table. */
  async placesOf<C extends Columns>(
    spec: TableSpec<C>,
    keys: Iterable<string>,
  ): Promise<RowPlaces<C> | null> {
    const handle = await this.#handleOf(spec.name, null);
    return handle && RowPlaces.find(spec, handle, keys);
  }

  async open<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C> | null> {
    const handle = await this.#handleOf(spec.name, null);
    return handle && this.#tableOf(spec, handle);
  }

  /** Opens one version of a table; null if it is gone. */
  async openVersion<C extends Columns>(
    spec: TableSpec<C>,
    version: number,
  ): Promise<StoreTable<C> | null> {
    const handle = await this.#handleOf(spec.name, version);
    return handle && this.#tableOf(spec, handle);
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
    const isMissing = existing === null && this.isExclusive;
    return isUsable
      ? existing
      : this.#create(spec, { mode: "overwrite" }, isMissing ? "made" : "unknown");
  }

  /** Opens the table, or creates it; never replaces one. For tables that are written without the lock. */
  async openOrCreate<C extends Columns>(spec: TableSpec<C>): Promise<StoreTable<C>> {
    for (let tries = 1; ; tries += 1) {
      try {
        const existing = await this.open(spec);
        return existing ?? (await this.#create(spec, { mode: "create", existOk: true }));
      } catch (cause) {
        // Another process may be creating it at this moment.
        if (tries === ADD_TRIES) throw storeError(`create ${spec.name}`, cause);
      }
    }
  }

  /**
   * Makes a version of a table the newest again, and gives it the columns of another spec.
   * Returns the number of the newest version; null if that version is gone.
   */
  async changeColumns<C extends Columns>(
    spec: TableSpec<C>,
    to: TableSpec<C>,
    from: number,
  ): Promise<number | null> {
    if ((await this.openVersion(spec, from)) === null) return null;
    await this.#mayWrite();
    const table = await wrapped(`open ${spec.name}`, this.#connection.openTable(spec.name));
    const add = async (): Promise<void> => {
      await table.checkout(from);
      await table.restore();
      const { fields } = await table.schema();
      const names = new Set(fields.map(({ name }) => name));
      const missing = Object.entries(spec.lacking ?? {}).filter(
        ([name]) => name in to.columns && !names.has(name),
      );
      const columns = missing.map(([name, valueSql]) => ({ name, valueSql }));
      if (columns.length > 0) await table.addColumns(columns);
      const others = [...names].filter((name) => !(name in to.columns));
      if (others.length > 0) await table.dropColumns(others);
    };
    await wrapped(`change the columns of ${spec.name}`, add());
    this.#forget(spec.name);
    return wrapped(`read the version of ${spec.name}`, table.version());
  }

  async drop(name: string): Promise<void> {
    await this.#mayWrite();
    this.#forget(name);
    await wrapped(`drop ${name}`, this.#connection.dropTable(name));
  }

  async #create<C extends Columns>(
    spec: TableSpec<C>,
    options: Partial<CreateTableOptions>,
    history: TableHistory = "unknown",
  ): Promise<StoreTable<C>> {
    await this.#mayWrite();
    this.#forget(spec.name);
    const made = this.#connection.createEmptyTable(spec.name, schemaOf(spec), options);
    const table = await wrapped(`create ${spec.name}`, made);
    const handle = new TableHandle(spec.name, table, this.#mayWrite, history);
    if (this.isExclusive) {
      const stamp = this.stampOf(spec.name);
      this.#opened.set(spec.name, { stamp, version: null, handle: Promise.resolve(handle) });
    }
    return this.#tableOf(spec, handle);
  }

  async #handleOf(name: string, version: number | null): Promise<TableHandle | null> {
    const stamp = this.stampOf(name);
    const key = version === null ? name : `${name}${PINNED}`;
    const opened = this.#opened.get(key);
    if (stamp !== null && opened?.stamp === stamp && opened.version === version)
      return opened.handle;
    const handle = version === null ? this.#openTable(name) : this.#openPinned(name, version);
    this.#opened.set(key, { stamp, version, handle });
    const forget = (): void => {
      if (this.#opened.get(key)?.handle === handle) this.#opened.delete(key);
    };
    try {
      const table = await handle;
      // The version may be there, and could only not be read at this moment.
      if (table === null && version !== null) forget();
      return table;
    } catch (error) {
      forget();
      throw error;
    }
  }

  async #openPinned(name: string, version: number): Promise<TableHandle | null> {
    const handle = await this.#openTable(name);
    return (await handle?.checkout(version)) === true ? handle : null;
  }

  #forget(name: string): void {
    this.#opened.delete(name);
    this.#opened.delete(`${name}${PINNED}`);
  }

  async #openTable(name: string): Promise<TableHandle | null> {
    if (!this.#uri.includes("://") && hasBrokenManifest(this.#uri, name)) {
      throw storeError(`open ${name}`, new Error("The manifest is corrupt."));
    }
    try {
      const table = await this.#connection.openTable(name);
      return new TableHandle(name, table, this.#mayWrite, "unknown");
    } catch (cause) {
      // There is no such table, or its folder holds no version: the process that made it died before the first one.
      if (String(cause).includes("was not found")) return null;
      throw storeError(`open ${name}`, cause);
    }
  }

  #tableOf<C extends Columns>(spec: TableSpec<C>, handle: TableHandle): StoreTable<C> {
    return new StoreTable(spec, handle, this.#uri);
  }

  /** Closes the connection and all tables. Reading of them must have ended. */
  close(): void {
    for (const { handle } of this.#opened.values())
      handle.then((table) => table?.close()).catch(() => undefined);
    this.#opened.clear();
    this.#connection.close();
  }
}

/** What a connection keeps of vector indexes, and of versions and files, in memory. By default 6 GB and 1 GB. */
const INDEX_CACHE_BYTES = 256n << 20n;
const METADATA_CACHE_BYTES = 64n << 20n;

/** What follows a table's name where one version of it is open. */
const PINNED = "@";

/** A process that loses the race to create a table finds it at a later try. */
const ADD_TRIES = 5;
