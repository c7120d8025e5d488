import { existsSync } from "node:fs";
import { join } from "node:path";
import { SiteragError } from "../words/errors.ts";
import type { Clock, EmbeddingSpace } from "../words/types.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { Jobs } from "./jobs.ts";
import { contextSentences, KeyedCache, vectorsIn } from "./keyed-cache.ts";
import { Database } from "./database.ts";
import { removeLeftovers } from "./leftovers.ts";
import { Meta } from "./meta.ts";
import { PageRecords } from "./page-records.ts";
import { QueryCache } from "./query-cache.ts";
import { leaseTable, metaTable, pagesTable, SCHEMA_VERSION, vectorsTable } from "./tables.ts";
import { acquireLease } from "./writer-lease.ts";
import { acquireFileLock } from "./writer-lock.ts";
import type { WriterLock } from "./writer-lock.ts";

/** Where an index is. */
export interface StoreTarget {
  /** Absolute folder, or an object store's URI. */
  readonly uri: string;
  /** Name of the index. */
  readonly index: string;
}

/** A store opened for writing, by the one writer. */
export interface StoreWriter {
  readonly database: Database;
  readonly meta: Meta;
  /** Vectors by fingerprint. */
  readonly cache: KeyedCache<Float32Array>;
  /** The cache of another embedding space, or of the same. */
  readonly cacheOf: (space: EmbeddingSpace) => KeyedCache<Float32Array>;
  readonly chunks: ChunkIndex;
  readonly pages: PageRecords;
  readonly queries: QueryCache;
  readonly jobs: Jobs;
  /** Sentences of context by recipe. */
  readonly contexts: KeyedCache<string>;
}

interface WriterOptions {
  readonly target: StoreTarget;
  readonly space: EmbeddingSpace;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Whether an address of a store is a folder, and no service. */
const isFolder = (uri: string): boolean => !uri.includes("://");

/**
 * Whether there can be a store to read: of a service only asking it tells. Who connects to a folder
 * makes it, so readers look first.
 */
export const mayExist = (uri: string): boolean => !isFolder(uri) || existsSync(uri);

/** Runs `use` with the store open for writing; nobody else writes meanwhile. */
export async function withWriter<Value>(
  options: WriterOptions,
  use: (store: StoreWriter) => Promise<Value>,
): Promise<Value> {
  const { target, space, clock } = options;
  const database = await Database.connect(target.uri);
  try {
    const lock = await acquireLock(database, options);
    try {
      if (isFolder(target.uri)) await removeLeftovers(target.uri, clock);
      const meta = new Meta(database);
      await discardOtherSchema(database, meta, target.index);
      const jobs = new Jobs(database);
      const cacheOf = cachesOf(database, clock);
      const value = await use({
        database,
        meta,
        cache: cacheOf(space),
        cacheOf,
        chunks: new ChunkIndex(database, meta, target.index, space),
        pages: new PageRecords(database, target.index),
        queries: new QueryCache(database, target.index),
        jobs,
        contexts: new KeyedCache(database, clock, contextSentences),
      });
      await jobs.compact();
      return value;
    } finally {
      await lock.release();
    }
  } finally {
    database.close();
  }
}

/** One cache a table: writes into one table go in turn. */
function cachesOf(
  database: Database,
  clock: Clock,
): (space: EmbeddingSpace) => KeyedCache<Float32Array> {
  const caches = new Map<string, KeyedCache<Float32Array>>();
  return (space) => {
    const { name } = vectorsTable(space);
    const cache = caches.get(name) ?? new KeyedCache(database, clock, vectorsIn(space));
    caches.set(name, cache);
    return cache;
  };
}

function acquireLock(database: Database, options: WriterOptions): Promise<WriterLock> {
  const { target, clock, signal } = options;
  return isFolder(target.uri)
    ? acquireFileLock(join(target.uri, "writer.lock"), clock, signal)
    : acquireLease(database, clock, signal);
}

/** Tables of another schema version are rebuilt from the cache: nothing is paid for again. */
async function discardOtherSchema(database: Database, meta: Meta, own: string): Promise<void> {
  const version = await meta.schemaVersion();
  if (version === SCHEMA_VERSION) return;
  const tables = new Set(await database.tableNames());
  const foreign = [...tables].filter((name) => name !== metaTable.name && name !== leaseTable.name);
  if (version === null && foreign.length > 0) throw notOurs(foreign);
  for (const index of new Set([...(await meta.indexes()), own])) {
    if (tables.has(index)) await database.drop(index);
    await meta.unpublish(index);
  }
  if (tables.has(pagesTable.name)) await database.drop(pagesTable.name);
  await meta.setSchemaVersion(SCHEMA_VERSION);
}

const notOurs = (tables: readonly string[]): SiteragError =>
  new SiteragError(
    "CONFIG_INVALID",
    `The database of store.uri holds tables that siterag did not make (${tables.slice(0, 3).join(", ")}). Give siterag a folder or prefix of its own.`,
  );
