import type { ResolvedConfig } from "./config/schema.ts";
import { createClient } from "./create-client.ts";
import { Database, isIn } from "./store/lancedb.ts";
import { Meta } from "./store/meta.ts";
import { canBeThere, withWriter } from "./store/open-store.ts";
import type { StoreWriter } from "./store/open-store.ts";
import { chunksTable, VECTORS_PREFIX, vectorsTableNamed } from "./store/tables.ts";
import { systemClock } from "./system-clock.ts";
import type { CacheStats, Clock } from "./types.ts";

export interface CacheOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  readonly clock?: Clock;
}

/** Long enough for a branch that comes back, or a model that is tried again. */
const KEEP_UNUSED_MS = 90 * 24 * 60 * 60 * 1000;
/** Fingerprints in one delete. */
const DELETE_SIZE = 1000;

/** Sizes of the cache's tables; takes no lock. */
export async function cacheStats({ config }: CacheOptions): Promise<CacheStats[]> {
  if (!canBeThere(config.store.uri)) return [];
  const database = await Database.connect(config.store.uri);
  try {
    const used = await fingerprintsInUse(database, new Meta(database));
    return await Promise.all(
      (await cacheTables(database)).map(async (table) => {
        const rows = await Array.fromAsync(vectorsOf(database, table));
        const inUse = rows.filter((row) => used.has(row.fingerprint)).length;
        return { table, vectors: rows.length, used: inUse };
      }),
    );
  } finally {
    database.close();
  }
}

/** Drops vectors that no index of the store uses and that are older than 90 days. */
export function pruneCache(options: CacheOptions): Promise<{ removed: number }> {
  return withCache(options, async ({ database, meta }, clock) => {
    const used = await fingerprintsInUse(database, meta);
    const before = new Date(clock.now() - KEEP_UNUSED_MS).toISOString();
    let removed = 0;
    for (const name of await cacheTables(database)) {
      const rows = await Array.fromAsync(vectorsOf(database, name));
      const old = rows.filter((row) => row.createdAt < before && !used.has(row.fingerprint));
      await removeVectors(
        database,
        name,
        old.map((row) => row.fingerprint),
      );
      removed += old.length;
    }
    return { removed };
  });
}

/** Drops all vectors of the cache. The indexes keep theirs. */
export function clearCache(options: CacheOptions): Promise<{ removed: number }> {
  return withCache(options, async ({ database }) => {
    let removed = 0;
    for (const name of await cacheTables(database)) {
      removed += (await (await database.open(vectorsTableNamed(name)))?.countRows()) ?? 0;
      await database.drop(name);
    }
    return { removed };
  });
}

function withCache<Value>(
  { config, clock = systemClock }: CacheOptions,
  use: (store: StoreWriter, clock: Clock) => Promise<Value>,
): Promise<Value> {
  const { space } = createClient(config);
  return withWriter({ target: config.store, space, clock }, (store) => use(store, clock));
}

const cacheTables = async (database: Database): Promise<string[]> =>
  (await database.tableNames()).filter((name) => name.startsWith(VECTORS_PREFIX));

async function* vectorsOf(
  database: Database,
  name: string,
): AsyncGenerator<{ readonly fingerprint: string; readonly createdAt: string }> {
  const table = await database.open(vectorsTableNamed(name));
  if (table !== null) yield* table.scan(["fingerprint", "createdAt"]);
}

async function removeVectors(
  database: Database,
  name: string,
  fingerprints: readonly string[],
): Promise<void> {
  const table = await database.open(vectorsTableNamed(name));
  if (table === null || fingerprints.length === 0) return;
  for (let at = 0; at < fingerprints.length; at += DELETE_SIZE) {
    await table.delete(isIn("fingerprint", fingerprints.slice(at, at + DELETE_SIZE)));
  }
  await table.compact();
  await table.dropOldVersions();
}

async function fingerprintsInUse(database: Database, meta: Meta): Promise<Set<string>> {
  const used = new Set<string>();
  for (const index of await meta.indexes()) {
    const table = await database.open(chunksTable(index, 0));
    if (table === null) continue;
    for await (const row of table.scan(["fingerprint", "vectorFingerprint"])) {
      used.add(row.fingerprint);
      if (row.vectorFingerprint !== null) used.add(row.vectorFingerprint);
    }
  }
  return used;
}
