import { NOT_OBSERVED } from "../planning/latencies.ts";
import type { Clock, EmbeddingSpace } from "../words/types.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { Jobs } from "./jobs.ts";
import { contextSentences, KeyedCache, vectorsIn } from "./keyed-cache.ts";
import { Database } from "./database.ts";
import { Meta } from "./meta.ts";
import { mayExist } from "./open-store.ts";
import type { StoreTarget } from "./open-store.ts";
import { PageRecords } from "./page-records.ts";
import { SCHEMA_VERSION } from "./tables.ts";

/** As much of the store as finding out what has changed takes. */
export interface StoreView {
  readonly chunks: Pick<ChunkIndex, "states" | "rowsOf" | "untouched" | "published">;
  readonly pages: Pick<PageRecords, "read">;
  readonly cache: Pick<KeyedCache<Float32Array>, "present">;
  readonly jobs: Pick<Jobs, "all">;
  readonly contexts: Pick<KeyedCache<string>, "read">;
  readonly meta: Pick<Meta, "latencies">;
}

const NOTHING: StoreView = {
  chunks: {
    async *states() {
      // No row.
    },
    rowsOf: async () => [],
    untouched: async () => null,
    published: async () => null,
  },
  pages: { read: async () => new Map() },
  cache: { present: async () => new Set() },
  jobs: { all: async () => [] },
  contexts: { read: async () => new Map() },
  meta: { latencies: async () => NOT_OBSERVED },
};

interface ViewOptions {
  readonly target: StoreTarget;
  readonly space: EmbeddingSpace;
  readonly clock: Clock;
}

/**
 * Runs `use` with the newest state of the store; takes no lock and writes nothing. Where there is no
 * store yet it is an empty one, and none is made.
 */
export async function withView<Value>(
  { target, space, clock }: ViewOptions,
  use: (store: StoreView) => Promise<Value>,
): Promise<Value> {
  if (!mayExist(target.uri)) return use(NOTHING);
  const database = await Database.connect(target.uri);
  try {
    const meta = new Meta(database);
    const cache = new KeyedCache(database, clock, vectorsIn(space));
    // A run would rebuild the tables of another schema version from the cache.
    const isReadable = (await meta.schemaVersion()) === SCHEMA_VERSION;
    return await use({
      chunks: isReadable ? new ChunkIndex(database, meta, target.index, space) : NOTHING.chunks,
      pages: isReadable ? new PageRecords(database, target.index) : NOTHING.pages,
      cache,
      jobs: new Jobs(database),
      contexts: new KeyedCache(database, clock, contextSentences),
      meta,
    });
  } finally {
    database.close();
  }
}
