import type { ResolvedConfig } from "../config/schema.ts";
import { createClient } from "../providers/create-client.ts";
import { recipeOf } from "../generation/context-prompt.ts";
import { recipesInStore } from "../indexing/forget-sentences.ts";
import { ChunkIndex } from "../store/chunk-index.ts";
import type { Database } from "../store/database.ts";
import { cachesIn } from "../store/keyed-cache.ts";
import { Meta } from "../store/meta.ts";
import { withWriter, type StoreWriter } from "../store/open-store.ts";
import { mayExist, withDatabase } from "../store/with-database.ts";
import {
  knownFilesTable,
  chunksTable,
  contextsTable,
  pagesTable,
  searchFilesTable,
} from "../store/tables.ts";
import { SiteragError } from "../words/errors.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Logger } from "../words/types.ts";
import type { CacheStats } from "../words/reports.ts";

export interface CacheOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Is told what the work waits for, and warned of a damaged store. */
  readonly logger?: Logger;
}

/** Until then a branch, or a model, may be used again. */
const KEEP_UNUSED_MS = 90 * 24 * 60 * 60 * 1000;

/** Counts the entries of the cache's tables. Takes no lock. */
export async function cacheStats(options: CacheOptions): Promise<CacheStats[]> {
  const { uri } = options.config.store;
  if (!mayExist(uri)) return [];
  return withDatabase(uri, async (database) => {
    const used = await keysInUse(database);
    return Array.fromAsync(
      await cachesIn(database, options.clock ?? systemClock),
      async (cache) => {
        const entries = await cache.entries();
        const inUse = entries.filter(({ key }) => used.has(key)).length;
        return { table: cache.name, entries: entries.length, used: inUse };
      },
    );
  });
}

/**
 * Deletes vectors and sentences that are older than 90 days and that no index of the store uses, and
 * those sentences from before the last run over all pages whose chunks are in no index. Throws
 * STORE_FAILED while an index has to be rebuilt. Leaves nothing on disk of texts that were deleted before.
 */
export const pruneCache = (options: CacheOptions): Promise<{ removed: number }> =>
  withCaches(options, async (store, clock) => {
    const { database, meta } = store;
    if (store.warning !== null) throw indexFirst();
    // An earlier command may have dropped the index, which needs its vectors when it is rebuilt.
    if ((await meta.published(options.config.store.index)) === null) return { removed: 0 };
    const used = await keysInUse(database);
    const ofChunks = await recipesInStore(store);
    const latest = await latestPublication(meta);
    const before = new Date(clock.now() - KEEP_UNUSED_MS).toISOString();
    let removed = 0;
    for (const cache of await cachesIn(database, clock)) {
      const ofSentences = cache.name === contextsTable.name;
      // The chunks of a newer sentence may still be on their way into an index.
      const isOfNone = ({ createdAt, key }: { readonly createdAt: string; readonly key: string }) =>
        ofSentences && createdAt < latest && !ofChunks.has(key);
      const old = (await cache.entries()).filter(
        (entry) => !used.has(entry.key) && (entry.createdAt < before || isOfNone(entry)),
      );
      await cache.remove(old.map(({ key }) => key));
      removed += old.length;
    }
    for (const index of await meta.indexes()) {
      const space = (await meta.published(index))?.space;
      if (space !== undefined) await new ChunkIndex(database, meta, index, space).tidy();
    }
    await (await database.open(pagesTable))?.tidy();
    await (await database.open(knownFilesTable))?.tidy();
    await (await database.open(searchFilesTable))?.tidy();
    return { removed };
  });

/** Without its indexes, a store does not tell which paid rows are in use. */
const indexFirst = (): SiteragError =>
  new SiteragError(
    "STORE_FAILED",
    "Tables of the store were missing or damaged, so nothing was pruned. Run `siterag index`, which rebuilds them at no cost, and prune then.",
  );

/** When an index of the store was last published by a run over all pages, ISO 8601; "" before that. */
async function latestPublication(meta: Meta): Promise<string> {
  const times = (await meta.indexes()).map(async (index) => await meta.published(index));
  return (
    (await Promise.all(times))
      .map((published) => published?.allReadAt ?? "")
      .sort()
      .at(-1) ?? ""
  );
}

/**
 * Deletes all vectors and sentences of the cache; the indexes keep their vectors. With `damaged`, only
 * drops the tables of vectors, sentences and jobs that cannot be read, and counts no entries.
 */
export const clearCache = (
  options: CacheOptions & { readonly damaged?: boolean },
): Promise<{ removed: number }> =>
  withCaches(
    options,
    async ({ database }, clock) => {
      let removed = 0;
      if (options.damaged === true) return { removed };
      for (const cache of await cachesIn(database, clock)) {
        removed += (await cache.entries()).length;
        await database.drop(cache.name);
      }
      return { removed };
    },
    options.damaged,
  );

function withCaches<Value>(
  { config, clock = systemClock, logger, signal }: CacheOptions,
  use: (store: StoreWriter, clock: Clock) => Promise<Value>,
  dropsPaid = false,
): Promise<Value> {
  const { space } = createClient(config);
  const target = { target: config.store, space, clock, signal, logger, dropsPaid };
  return withWriter(target, (store) => use(store, clock));
}

/** Fingerprints of vectors, and recipes of sentences, that the indexes of the store use. */
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
