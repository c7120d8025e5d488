import type { ChunkIndex } from "./chunk-index.ts";
import type { Jobs } from "./jobs.ts";
import type { KeyedCache } from "./keyed-cache.ts";
import type { Meta } from "./meta.ts";
import { mayExist, storeIn, withDatabase, type OpenOptions } from "./open-store.ts";
import type { PageRecords } from "./page-records.ts";
import { SCHEMA_VERSION } from "./tables.ts";

/** The parts of the store that are needed to find out what has changed. */
export interface StoreView {
  readonly chunks: Pick<ChunkIndex, "states" | "rowsOf" | "untouched" | "published">;
  readonly pages: Pick<PageRecords, "read">;
  readonly cache: Pick<KeyedCache<Float32Array>, "present">;
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
    const store = storeIn(database, options);
    if ((await store.meta.schemaVersion()) === SCHEMA_VERSION) return use(store);
    // These tables have another schema version. A run would drop and rebuild them.
    return withDatabase(EMPTY, (empty) => {
      const { chunks, pages } = storeIn(empty, options);
      return use({ ...store, chunks, pages });
    });
  });
