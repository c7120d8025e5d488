import type { Clock, EmbeddingSpace } from "../words/types.ts";
import type { RowOf } from "./arrow-rows.ts";
import { AppendQueue } from "./append-queue.ts";
import { inGroups } from "./sql.ts";
import type { Database } from "./database.ts";
import type { StoreTable, TableSpec } from "./store-table.ts";
import { contextsTable, VECTORS_PREFIX, vectorsTable, vectorsTableNamed } from "./tables.ts";

/** A table with fewer fragments than this still opens quickly. */
const MANY_FRAGMENTS = 100;

/** So many keys are one condition. */
const FEW_KEYS = 1000;

/** A key and the value that was paid for. */
export interface CacheEntry<Value> {
  readonly key: string;
  readonly value: Value;
}

type CacheColumns = Readonly<Record<string, "string" | "vector">>;

/** The table of one cache. Besides key and value it has a column `createdAt`. */
export interface CacheTable<Value extends string | Float32Array> extends TableSpec<CacheColumns> {
  readonly valueColumn: string;
  readonly isValue: (value: unknown) => value is Value;
  /** Whether many appends in one run are merged before the run ends. */
  readonly mergesWhileAppending?: boolean;
}

/** Vectors of unit length by fingerprint. Merging rewrites all vectors, so it waits for the end of a run. */
export const vectorsIn = (space: EmbeddingSpace): CacheTable<Float32Array> =>
  withVectors(vectorsTable(space));

const withVectors = (spec: ReturnType<typeof vectorsTableNamed>): CacheTable<Float32Array> => ({
  ...spec,
  valueColumn: "vector",
  isValue: (value) => value instanceof Float32Array,
});

/** Sentences of context by recipe. One commit may hold one sentence, so a run can make thousands. */
export const contextSentences: CacheTable<string> = {
  ...contextsTable,
  valueColumn: "sentence",
  isValue: (value) => typeof value === "string",
  mergesWhileAppending: true,
};

/** Value by key, append-only. What is committed here is never paid for again. */
export class KeyedCache<Value extends string | Float32Array> {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #of: CacheTable<Value>;
  readonly #queue: AppendQueue<CacheEntry<Value>>;
  #table: StoreTable<CacheColumns> | null = null;
  #appends = 0;

  constructor(database: Database, clock: Clock, of: CacheTable<Value>) {
    this.#database = database;
    this.#clock = clock;
    this.#of = of;
    this.#queue = new AppendQueue((entries) => this.#append(entries));
  }

  /** Which of the keys have a value. */
  async present(keys: Iterable<string>): Promise<Set<string>> {
    const { key } = this.#of;
    const wanted = new Set(keys);
    const found = new Set<string>();
    // Each condition reads all keys, so that many keys are found soonest without any.
    const rows =
      wanted.size > FEW_KEYS ? (await this.#open())?.scan([key]) : this.#rowsOf([...wanted], [key]);
    for await (const row of rows ?? []) {
      const stored = String(row[key]);
      if (wanted.has(stored)) found.add(stored);
    }
    return found;
  }

  /** The values of those keys that have one. */
  read(keys: readonly string[]): Promise<Map<string, Value>> {
    const { key, valueColumn } = this.#of;
    return this.#valuesIn(this.#rowsOf(keys, [key, valueColumn]));
  }

  /**
   * Reads values of these keys, some at a time. Many are looked up once, in whatever files they are; nothing may be
   * removed meanwhile. For few, many files are merged first, which a later run finds done.
   */
  async readerOf(
    keys: readonly string[],
  ): Promise<(some: readonly string[]) => Promise<Map<string, Value>>> {
    const { key, valueColumn } = this.#of;
    if (keys.length <= FEW_KEYS) {
      if (keys.length > 0) await this.compact();
      return (some) => this.read(some);
    }
    const places = await this.#database.placesOf(this.#of, keys);
    return (some) => this.#valuesIn(places?.read(some, [key, valueColumn]) ?? []);
  }

  /** Resolves when the entries are safe; rejects when the store refuses them. */
  commit(entries: readonly CacheEntry<Value>[]): Promise<void> {
    return this.#queue.add(entries);
  }

  /** Merges the files of many commits, once there are many. */
  async compact(): Promise<void> {
    const table = await this.#open();
    if (table !== null && (await table.countFragments()) >= MANY_FRAGMENTS) await table.prune();
  }

  get name(): string {
    return this.#of.name;
  }

  /** All keys, and when they were committed (ISO 8601). */
  async entries(): Promise<{ readonly key: string; readonly createdAt: string }[]> {
    const { key } = this.#of;
    const rows = await Array.fromAsync((await this.#open())?.scan([key, "createdAt"]) ?? []);
    return rows.map((row) => ({ key: String(row[key]), createdAt: String(row["createdAt"]) }));
  }

  /** Whether the table has more than its newest rows. */
  async hasLeftovers(): Promise<boolean> {
    return (await (await this.#open())?.hasLeftovers()) ?? false;
  }

  /** Leaves nothing on disk of these entries, and of those that were removed before. */
  async remove(keys: readonly string[]): Promise<void> {
    const table = await this.#open();
    if (table === null) return;
    for (const where of inGroups(this.#of.key, keys)) await table.delete(where);
    await table.tidy();
  }

  async #valuesIn(
    rows: AsyncIterable<RowOf<CacheColumns>> | Iterable<RowOf<CacheColumns>>,
  ): Promise<Map<string, Value>> {
    const { isValue, key, valueColumn } = this.#of;
    const values = new Map<string, Value>();
    for await (const row of rows) {
      const value = row[valueColumn];
      if (isValue(value)) values.set(String(row[key]), value);
    }
    return values;
  }

  async *#rowsOf(keys: readonly string[], columns: readonly string[]) {
    const table = await this.#open();
    if (table === null) return;
    for (const where of inGroups(this.#of.key, keys)) yield* table.scan(columns, where);
  }

  async #append(entries: readonly CacheEntry<Value>[]): Promise<void> {
    const { mergesWhileAppending = false, valueColumn, key: keyColumn } = this.#of;
    this.#table ??= await this.#database.openOrReplace(this.#of);
    const createdAt = new Date(this.#clock.now()).toISOString();
    await this.#table.append(
      entries.map(({ key, value }) => ({ [keyColumn]: key, [valueColumn]: value, createdAt })),
    );
    this.#appends += 1;
    if (mergesWhileAppending && this.#appends % MANY_FRAGMENTS === 0) await this.#table.prune();
  }

  async #open(): Promise<StoreTable<CacheColumns> | null> {
    return (this.#table ??= await this.#database.open(this.#of));
  }
}

type AnyCache = KeyedCache<Float32Array> | KeyedCache<string>;

/** All caches of a database: vectors of each embedding space, and sentences. */
export async function cachesIn(database: Database, clock: Clock): Promise<AnyCache[]> {
  return (await database.tableNames()).flatMap<AnyCache>((name) => {
    if (name === contextsTable.name) return new KeyedCache(database, clock, contextSentences);
    if (!name.startsWith(VECTORS_PREFIX)) return [];
    return new KeyedCache(database, clock, withVectors(vectorsTableNamed(name)));
  });
}
