import { join } from "node:path";
import type { Clock, EmbeddingSpace, Logger } from "../words/types.ts";
import { waitTeller } from "../words/wait-teller.ts";
import { KnownFiles } from "./known-files.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { Jobs } from "./jobs.ts";
import { contextSentences, KeyedCache, vectorsIn } from "./keyed-cache.ts";
import type { Database } from "./database.ts";
import { removeLeftovers } from "./leftovers.ts";
import { mendTables } from "./mend-tables.ts";
import { Meta } from "./meta.ts";
import { PageRecords } from "./page-records.ts";
import { QueryCache } from "./query-cache.ts";
import { SearchFiles } from "./search-files.ts";
import { isSealed, seal } from "./seal.ts";
import { chunksTable, chunksTableOf, SCHEMA_VERSION } from "./tables.ts";
import { tryWriting } from "./trial-write.ts";
import { isFolder, mayExist, withDatabase, type StoreTarget } from "./with-database.ts";
import { acquireLease } from "./writer-lease.ts";
import { acquireFileLock } from "./writer-lock.ts";

/** The parts of a store that is open for writing. */
export interface StoreWriter extends ReturnType<typeof storeIn> {
  /** Aborts when the caller's signal does, and when the lock is lost: then every write is refused. */
  readonly signal: AbortSignal;
  /** Throws STORE_FAILED if the vectors of so many texts cannot be stored. Call it before paying for them. */
  readonly tryWrite: (texts: number) => Promise<void>;
  /** The logger was warned of it: names tables to rebuild; null if there are none. */
  readonly warning: string | null;
}

export interface OpenOptions {
  readonly target: StoreTarget;
  readonly space: EmbeddingSpace;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Is told whom a writer waits for, and warned of tables that had to be dropped. */
  readonly logger?: Logger | undefined;
  /** Whether a writer drops a damaged table even if its rows were paid for. Default false. */
  readonly dropsPaid?: boolean;
}

/** All parts of the store in a database. */
function storeIn(
  database: Database,
  { target, space, clock }: OpenOptions,
  tableOf: typeof chunksTable = chunksTable,
) {
  const meta = new Meta(database);
  const caches = new Map<string, KeyedCache<Float32Array>>();
  // One cache for each table, because writes into a table must take turns.
  const cacheOf = (own: EmbeddingSpace): KeyedCache<Float32Array> => {
    const table = vectorsIn(own);
    const cache = caches.get(table.name) ?? new KeyedCache(database, clock, table);
    caches.set(table.name, cache);
    return cache;
  };
  return {
    database,
    meta,
    space,
    /** Vectors by fingerprint. */
    cache: cacheOf(space),
    /** The vectors of any embedding space. */
    cacheOf,
    chunks: new ChunkIndex(database, meta, target.index, space, tableOf),
    pages: new PageRecords(database, target.index),
    knownFiles: new KnownFiles(database, target.index),
    queries: new QueryCache(database, target.index),
    searchFiles: new SearchFiles(database, target.index),
    jobs: new Jobs(database),
    /** Sentences of context by recipe. */
    contexts: new KeyedCache(database, clock, contextSentences),
  } as const;
}

/** Room for the index files of a small run, in bytes. */
const ROOM = 1 << 20;

/** A database under the writer's lock. */
interface Locked {
  readonly database: Database;
  /** Aborts when the caller's signal does, and when the lock is lost. */
  readonly signal: AbortSignal;
  readonly tryWrite: StoreWriter["tryWrite"];
  /** Throws if the lock was lost. */
  readonly requireLock: () => void;
}

/** Runs `use` while no other run writes. */
const withLock = <Value>(
  { target: { uri }, clock, logger, signal, space }: OpenOptions,
  use: (locked: Locked) => Promise<Value>,
): Promise<Value> =>
  withDatabase(uri, async (database) => {
    const tell = waitTeller(logger);
    const lock = isFolder(uri)
      ? await acquireFileLock(join(uri, "writer.lock"), clock, signal, tell)
      : await acquireLease(database, clock, signal, tell);
    try {
      const signals = [lock.signal, ...(signal === undefined ? [] : [signal])];
      const writing = AbortSignal.any(signals);
      return await use({
        database: database.guardedBy(lock.check),
        signal: writing,
        requireLock: () => lock.signal.throwIfAborted(),
        async tryWrite(texts) {
          const bytes = ROOM + texts * space.dimensions * Float32Array.BYTES_PER_ELEMENT;
          if (texts > 0 && isFolder(uri)) await tryWriting(uri, bytes, writing);
        },
      });
    } catch (error) {
      // A run that has lost its lock fails in many ways. This is the cause of all of them.
      throw lock.signal.aborted ? lock.signal.reason : error;
    } finally {
      await lock.release();
    }
  });

/** Runs `use` with the store open for writing. No other run writes meanwhile. */
export const withWriter = <Value>(
  options: OpenOptions,
  use: (store: StoreWriter) => Promise<Value>,
): Promise<Value> => {
  const { dropsPaid, logger, target } = options;
  const { index, uri } = target;
  return withLock(options, async ({ database, requireLock, signal, tryWrite }) => {
    if (isFolder(uri)) await removeLeftovers(uri);
    const store = storeIn(database, options);
    const isFine = isFolder(uri) && (await isSealed(uri, index));
    const { meta } = store;
    const toMend = { database, meta, uri, index, dropsPaid };
    const warning = isFine ? null : await mendTables(toMend);
    if (warning !== null) logger?.warn(warning);
    const value = await use({ ...store, warning, tryWrite, signal });
    await store.jobs.tidy();
    await store.meta.tidy();
    // A run reports failures of single texts instead of throwing. Refused writes may be among them.
    requireLock();
    const version = await store.meta.schemaVersion().catch(() => null);
    if (isFolder(uri) && version === SCHEMA_VERSION) await seal(uri, index);
    return value;
  });
};

/** The paid vectors of a store that is open for writing them and nothing else. */
export type VectorsWriter = Pick<StoreWriter, "cache" | "signal" | "tryWrite">;

/**
 * Runs `use` with the vectors of a space open for writing. Nothing else of the store is written: what is to mend
 * there waits for the next run.
 */
export const withVectors = <Value>(
  options: OpenOptions,
  use: (vectors: VectorsWriter) => Promise<Value>,
): Promise<Value> =>
  withLock(options, async ({ database, requireLock, ...writing }) => {
    const cache = new KeyedCache(database, options.clock, vectorsIn(options.space));
    const value = await use({ ...writing, cache });
    requireLock();
    return value;
  });

/** The parts of the store that are needed to find out what has changed. */
export interface StoreView {
  readonly chunks: Pick<ChunkIndex, "states" | "rowsOf" | "untouched" | "published">;
  readonly pages: Pick<PageRecords, "read">;
  readonly knownFiles: Pick<KnownFiles, "read">;
  readonly cache: Pick<KeyedCache<Float32Array>, "present" | "read">;
  readonly queries: Pick<QueryCache, "read">;
  readonly jobs: Pick<Jobs, "all">;
  readonly contexts: Pick<KeyedCache<string>, "read">;
  readonly meta: Pick<Meta, "latencies">;
}

/** A database without tables that leaves no trace. */
const EMPTY = "memory://";

/**
 * Runs `use` with the newest state of the store. Takes no lock and writes nothing. Where there is no
 * store yet, `use` sees an empty one, and none is made.
 */
export const withView = <Value>(
  options: OpenOptions,
  use: (store: StoreView) => Promise<Value>,
): Promise<Value> =>
  withDatabase(mayExist(options.target.uri) ? options.target.uri : EMPTY, async (database) => {
    const tableOf = chunksTableOf(await new Meta(database).schemaVersion());
    const store = storeIn(database, options, tableOf ?? undefined);
    if (tableOf !== null) return use(store);
    // These tables have another schema version. A run would drop and rebuild them.
    return withDatabase(EMPTY, (empty) => {
      const { chunks, pages } = storeIn(empty, options);
      return use({ ...store, chunks, pages });
    });
  });
