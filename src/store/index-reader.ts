import { isDeepStrictEqual } from "node:util";
import { SiteragError } from "../words/errors.ts";
import type { Database } from "./database.ts";
import { isIn } from "./sql.ts";
import { pageUrl } from "../words/page-url.ts";
import type { Chunk } from "../words/types.ts";
import type { Found, StoreTable } from "./store-table.ts";
import type { PublishedIndex } from "./meta.ts";
import { PENDING, STORED_COLUMNS, type StoredChunk } from "./chunk-index.ts";
import { PageRecords } from "./page-records.ts";
import { chunksTableOf, type chunksTable, type ChunkColumns } from "./tables.ts";
import { withOpenStore, type IndexParts, type ReadStore } from "./read-store.ts";
import { mayExist, type StoreTarget } from "./with-database.ts";

/** What a search by vectors tells of a chunk: each further column costs a read for each chunk. */
const NEAR_COLUMNS = ["id", "page", "position"] as const;

type NearChunk = Pick<StoredChunk, (typeof NEAR_COLUMNS)[number]>;

/** Sorts by score, then by id, so that the same question always gets the same answer. */
const inOrder = (found: Found<NearChunk>[]): Found<NearChunk>[] =>
  found.sort((one, other) => other.score - one.score || (one.row.id < other.row.id ? -1 : 1));

/** Reads the last complete build of one index. A writer at work does not change what it sees. */
export class IndexReader {
  /** The last complete build. */
  readonly published: PublishedIndex;
  readonly queries: IndexParts["queries"];
  readonly searchFiles: IndexParts["searchFiles"];
  readonly knownFiles: IndexParts["knownFiles"];
  readonly lastRun: IndexParts["lastRun"];
  readonly #chunks: PublishedChunks;

  constructor(published: PublishedIndex, parts: IndexParts, chunks: PublishedChunks) {
    this.published = published;
    this.queries = parts.queries;
    this.searchFiles = parts.searchFiles;
    this.knownFiles = parts.knownFiles;
    this.lastRun = parts.lastRun;
    this.#chunks = chunks;
  }

  /** What the store knows of each page; null where a later run wrote rows, and these records may be its own. */
  records(): Promise<PageRecords | null> {
    return this.#chunks.records();
  }

  // Searches by words alone need no chunk.
  #table(): Promise<StoreTable<ChunkColumns>> {
    return this.#chunks.table();
  }

  /** Nearest chunks by cosine similarity. `vector` has unit length. */
  async nearest(vector: Float32Array, limit: number, where?: string): Promise<Found<NearChunk>[]> {
    return inOrder(await (await this.#table()).nearest(NEAR_COLUMNS, vector, limit, where));
  }

  /** The same, but only the page of each chunk. Much faster. */
  async nearestPages(
    vector: Float32Array,
    limit: number,
    where?: string,
  ): Promise<Found<{ page: string }>[]> {
    return (await this.#table()).nearest(["page"], vector, limit, where);
  }

  /** The chunks of some pages, without vectors. */
  async rowsOf(pages: readonly string[]): Promise<StoredChunk[]> {
    return Array.fromAsync((await this.#table()).scan(STORED_COLUMNS, isIn("page", pages)));
  }

  /** URL and vector of each chunk of a page. */
  async vectorsOfPage(page: string): Promise<{ url: string; vector: Float32Array | null }[]> {
    return Array.fromAsync((await this.#table()).scan(["url", "vector"], isIn("page", [page])));
  }

  /** Page and vector of each chunk. */
  async vectors(): Promise<{ page: string; vector: Float32Array | null }[]> {
    return Array.fromAsync((await this.#table()).scan(["page", "vector"]));
  }

  /** URL without anchor, title, locale and version of every page, by id. */
  async pages(): Promise<Map<string, PageSummary>> {
    const pages = new Map<string, PageSummary>();
    const rows = (await this.#table()).scan(["page", "url", "title", "locale", "version"]);
    for await (const { page, url, ...others } of rows) {
      if (!pages.has(page)) pages.set(page, { url: pageUrl(url), ...others });
    }
    return pages;
  }

  /** How many chunks there are, and how many of them wait for a vector of their own. */
  async counts(): Promise<{ chunks: number; pending: number }> {
    return { chunks: await (await this.#table()).countRows(), pending: await this.pending() };
  }

  /** How many chunks wait for a vector of their own. */
  async pending(): Promise<number> {
    return this.published.pending ?? (await this.#table()).countRows(PENDING);
  }
}

/** A page of the index; its URL has no anchor. */
export type PageSummary = Pick<Chunk, "url" | "title" | "locale" | "version">;

/** How often a reader starts again because a writer has published meanwhile. */
const TRIES = 5;

/**
 * Runs `use` with the index open for reading. Takes no lock. Publishing deletes the version that was
 * published before: a reader that was using it fails, and starts again with the new version. Throws
 * INDEX_MISSING before the first run.
 */
export async function withReader<Value>(
  target: StoreTarget,
  use: (reader: IndexReader) => Promise<Value>,
): Promise<Value> {
  if (!mayExist(target.uri)) throw indexMissing(target);
  return withOpenStore(target.uri, (store) => readIn(store, target, use));
}

/** The same with a store that is open. */
export async function readIn<Value>(
  store: ReadStore,
  target: StoreTarget,
  use: (reader: IndexReader) => Promise<Value>,
): Promise<Value> {
  const { database, meta } = store;
  const parts = store.partsOf(target.index);
  for (let tries = 1; ; tries += 1) {
    const { published, schemaVersion } = await meta.state(target.index);
    const tableOf = chunksTableOf(schemaVersion);
    if (published === null || tableOf === null) throw indexMissing(target);
    try {
      const chunks = publishedChunks(database, target, published, tableOf);
      return await use(new IndexReader(published, parts, chunks));
    } catch (error) {
      const now = await meta.published(target.index);
      const isOvertaken = now !== null && isOther(now, published);
      if (!isOvertaken || tries === TRIES) throw error;
    }
  }
}

const isOther = (one: PublishedIndex, other: PublishedIndex): boolean =>
  one.version !== other.version || !isDeepStrictEqual(one.search, other.search);

/** The chunks of the last complete build, and what is known of their pages. */
interface PublishedChunks {
  readonly table: () => Promise<StoreTable<ChunkColumns>>;
  readonly records: () => Promise<PageRecords | null>;
}

function publishedChunks(
  database: Database,
  { uri, index }: StoreTarget,
  { version, space }: PublishedIndex,
  tableOf: typeof chunksTable,
): PublishedChunks {
  const spec = tableOf(index, space.dimensions);
  async function newest(): Promise<StoreTable<ChunkColumns>> {
    const table = await database.open(spec);
    if (table === null) throw indexMissing({ uri, index });
    return table;
  }
  async function pinned(): Promise<StoreTable<ChunkColumns>> {
    const table = await database.openVersion(spec, version);
    if (table !== null) return table;
    await newest();
    throw new SiteragError(
      "STORE_FAILED",
      `The store ${uri} has lost the published version of the index “${index}”. Run \`siterag index\` to publish it again.`,
    );
  }
  let opened: Promise<StoreTable<ChunkColumns>> | null = null;
  return {
    table: () => (opened ??= pinned()),
    records: async () =>
      (await (await newest()).version()) === version ? new PageRecords(database, index) : null,
  };
}

const indexMissing = ({ uri, index }: StoreTarget): SiteragError =>
  new SiteragError(
    "INDEX_MISSING",
    `There is no index “${index}” in ${uri} yet. Run \`siterag index\` first.`,
  );
