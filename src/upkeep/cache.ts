import type { ResolvedConfig } from "../config/schema.ts";
import { createClient } from "../providers/create-client.ts";
import { recipeOf } from "../generation/context-prompt.ts";
import { Database } from "../store/database.ts";
import { isIn } from "../store/sql.ts";
import type { StoreTable } from "../store/store-table.ts";
import { Meta } from "../store/meta.ts";
import { mayExist, withWriter } from "../store/open-store.ts";
import { chunksTable, contextsTable, VECTORS_PREFIX, vectorsTableNamed } from "../store/tables.ts";
import type { ContextColumns, VectorColumns } from "../store/tables.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock } from "../words/types.ts";
import type { CacheStats } from "../words/reports.ts";

export interface CacheOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  readonly clock?: Clock;
}

/** Long enough for a branch that comes back, or a model that is tried again. */
const KEEP_UNUSED_MS = 90 * 24 * 60 * 60 * 1000;
/** Keys in one delete. */
const DELETE_SIZE = 1000;

/** Sizes of the cache's tables; takes no lock. */
export async function cacheStats({ config }: CacheOptions): Promise<CacheStats[]> {
  if (!mayExist(config.store.uri)) return [];
  const database = await Database.connect(config.store.uri);
  try {
    const used = await keysInUse(database);
    return await Promise.all(
      (await cacheTables(database)).map(async (table) => {
        const entries = await entriesOf(database, table);
        const inUse = entries.filter(({ key }) => used.has(key)).length;
        return { table, entries: entries.length, used: inUse };
      }),
    );
  } finally {
    database.close();
  }
}

/** Drops vectors and sentences that no index of the store uses and that are older than 90 days. */
export function pruneCache(options: CacheOptions): Promise<{ removed: number }> {
  return withCache(options, async (database, clock) => {
    const used = await keysInUse(database);
    const before = new Date(clock.now() - KEEP_UNUSED_MS).toISOString();
    let removed = 0;
    for (const name of await cacheTables(database)) {
      const entries = await entriesOf(database, name);
      const old = entries.filter(({ key, createdAt }) => createdAt < before && !used.has(key));
      await remove(
        database,
        name,
        old.map(({ key }) => key),
      );
      removed += old.length;
    }
    return { removed };
  });
}

/** Drops all vectors and sentences of the cache. The indexes keep their vectors. */
export function clearCache(options: CacheOptions): Promise<{ removed: number }> {
  return withCache(options, async (database) => {
    let removed = 0;
    for (const name of await cacheTables(database)) {
      removed += (await entriesOf(database, name)).length;
      await database.drop(name);
    }
    return { removed };
  });
}

function withCache<Value>(
  { config, clock = systemClock }: CacheOptions,
  use: (database: Database, clock: Clock) => Promise<Value>,
): Promise<Value> {
  const { space } = createClient(config);
  const target = { target: config.store, space, clock };
  return withWriter(target, ({ database }) => use(database, clock));
}

const cacheTables = async (database: Database): Promise<string[]> =>
  (await database.tableNames()).filter(
    (name) => name.startsWith(VECTORS_PREFIX) || name === contextsTable.name,
  );

/** One table of the cache, whatever it holds. */
interface CacheTable {
  readonly keyColumn: string;
  readonly table: Pick<StoreTable<ContextColumns>, "delete" | "tidy">;
  readonly entries: () => AsyncIterable<Entry>;
}

interface Entry {
  readonly key: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

async function openTable(database: Database, name: string): Promise<CacheTable | null> {
  if (name === contextsTable.name) {
    const table = await database.open(contextsTable);
    return table && { keyColumn: contextsTable.key, table, entries: () => contextsIn(table) };
  }
  const spec = vectorsTableNamed(name);
  const table = await database.open(spec);
  return table && { keyColumn: spec.key, table, entries: () => vectorsIn(table) };
}

async function* contextsIn(table: StoreTable<ContextColumns>): AsyncGenerator<Entry> {
  for await (const { recipe, createdAt } of table.scan(["recipe", "createdAt"])) {
    yield { key: recipe, createdAt };
  }
}

async function* vectorsIn(table: StoreTable<VectorColumns>): AsyncGenerator<Entry> {
  for await (const { fingerprint, createdAt } of table.scan(["fingerprint", "createdAt"])) {
    yield { key: fingerprint, createdAt };
  }
}

async function entriesOf(database: Database, name: string): Promise<readonly Entry[]> {
  const opened = await openTable(database, name);
  return opened === null ? [] : Array.fromAsync(opened.entries());
}

async function remove(database: Database, name: string, keys: readonly string[]): Promise<void> {
  const opened = await openTable(database, name);
  if (opened === null || keys.length === 0) return;
  const { keyColumn, table } = opened;
  for (let at = 0; at < keys.length; at += DELETE_SIZE) {
    await table.delete(isIn(keyColumn, keys.slice(at, at + DELETE_SIZE)));
  }
  await table.tidy();
}

/**
 * Fingerprints of the vectors that the indexes of the store use, and recipes of the sentences that
 * their texts are embedded with.
 */
async function keysInUse(database: Database): Promise<Set<string>> {
  const used = new Set<string>();
  const meta = new Meta(database);
  for (const index of await meta.indexes()) {
    const table = await database.open(chunksTable(index, 0));
    if (table === null) continue;
    for await (const row of table.scan(["fingerprint", "vectorFingerprint"])) {
      used.add(row.fingerprint);
      if (row.vectorFingerprint !== null) used.add(row.vectorFingerprint);
    }
    const model = (await meta.published(index))?.contextModel ?? null;
    if (model === null) continue;
    for await (const chunk of table.scan(["title", "headings", "text"])) {
      used.add(recipeOf(model, chunk));
    }
  }
  return used;
}
