import { SiteragError } from "../words/errors.ts";
import type { Database } from "./database.ts";
import { isIn } from "./sql.ts";
import { pageUrl } from "../words/page-url.ts";
import type { Chunk } from "../words/types.ts";
import type { Found, StoreTable } from "./store-table.ts";
import { KnownFiles } from "./known-files.ts";
import { Meta, type PublishedIndex } from "./meta.ts";
import { PENDING, STORED_COLUMNS, type StoredChunk } from "./chunk-index.ts";
import { PageRecords } from "./page-records.ts";
import { QueryCache } from "./query-cache.ts";
import { SearchFiles } from "./search-files.ts";
import { chunksTableOf, type chunksTable, type ChunkColumns } from "./tables.ts";
import { mayExist, withDatabase, type StoreTarget } from "./with-database.ts";
import type { LastRun } from "../words/reports.ts";

/** Sorts by score, then by id, so that the same question always gets the same answer. */
const inOrder = (found: Found<StoredChunk>[]): Found<StoredChunk>[] =>
  found.sort((one, other) => other.score - one.score || (one.row.id < other.row.id ? -1 : 1));

/** Reads the last complete build of one index. A writer at work does not change what it sees. */
export class IndexReader {
  /** The last complete build. */
  readonly published: PublishedIndex;
  /** Vectors of queries that builds have used. */
  readonly queries: QueryCache;
  /** The files of the readers' index, those of earlier builds among them. */
  readonly searchFiles: SearchFiles;
  /** What runs found in the files of the site. */
  readonly knownFiles: KnownFiles;
  /** The counts of the last run that sent something. */
  readonly lastRun: () => Promise<LastRun | null>;
  readonly #open: () => Promise<OpenTable>;
  #opened: Promise<OpenTable> | null = null;

  constructor(
    parts: Pick<IndexReader, "published" | "queries" | "searchFiles" | "knownFiles" | "lastRun">,
    open: () => Promise<OpenTable>,
  ) {
    this.published = parts.published;
    this.queries = parts.queries;
    this.searchFiles = parts.searchFiles;
    this.knownFiles = parts.knownFiles;
    this.lastRun = parts.lastRun;
    this.#open = open;
  }

  /** What the store knows of each page; null where a later run wrote rows, and these records may be its own. */
  async records(): Promise<PageRecords | null> {
    return (await this.#openOnce()).records;
  }

  // Searches by words alone need no chunk.
  #openOnce(): Promise<OpenTable> {
    return (this.#opened ??= this.#open());
  }

  async #table(): Promise<StoreTable<ChunkColumns>> {
    return (await this.#openOnce()).table;
  }

  /** Nearest chunks by cosine similarity. `vector` has unit length. */
  async nearest(
    vector: Float32Array,
    limit: number,
    where?: string,
  ): Promise<Found<StoredChunk>[]> {
    return inOrder(await (await this.#table()).nearest(STORED_COLUMNS, vector, limit, where));
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
  return withDatabase(target.uri, (database) => readIn(database, target, use));
}

/** The same with a database that is open. */
export async function readIn<Value>(
  database: Database,
  target: StoreTarget,
  use: (reader: IndexReader) => Promise<Value>,
): Promise<Value> {
  const meta = new Meta(database);
  for (let tries = 1; ; tries += 1) {
    const { published, schemaVersion } = await meta.state(target.index);
    const tableOf = chunksTableOf(schemaVersion);
    if (published === null || tableOf === null) throw indexMissing(target);
    try {
      const queries = new QueryCache(database, target.index);
      const searchFiles = new SearchFiles(database, target.index);
      const knownFiles = new KnownFiles(database, target.index);
      const lastRun = () => meta.lastRun(target.index);
      const open = () => openPublished(database, target, published, tableOf);
      return await use(
        new IndexReader({ published, queries, searchFiles, knownFiles, lastRun }, open),
      );
    } catch (error) {
      const now = await meta.published(target.index);
      const isOvertaken = now !== null && isOther(now, published);
      if (!isOvertaken || tries === TRIES) throw error;
    }
  }
}

const isOther = (one: PublishedIndex, other: PublishedIndex): boolean =>
  one.version !== other.version || one.search?.manifest !== other.search?.manifest;

interface OpenTable {
  readonly table: StoreTable<ChunkColumns>;
  readonly records: PageRecords | null;
}

async function openPublished(
  database: Database,
  { uri, index }: StoreTarget,
  { version, space }: PublishedIndex,
  tableOf: typeof chunksTable,
): Promise<OpenTable> {
  const table = await database.open(tableOf(index, space.dimensions));
  if (table === null) throw indexMissing({ uri, index });
  const isNewest = (await table.version()) === version;
  const records = isNewest ? new PageRecords(database, index) : null;
  if (await table.checkout(version)) return { table, records };
  throw new SiteragError(
    "STORE_FAILED",
    `The store ${uri} has lost the published version of the index “${index}”. Run \`siterag index\` to publish it again.`,
  );
}

const indexMissing = ({ uri, index }: StoreTarget): SiteragError =>
  new SiteragError(
    "INDEX_MISSING",
    `There is no index “${index}” in ${uri} yet. Run \`siterag index\` first.`,
  );
