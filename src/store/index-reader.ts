import { SiteragError } from "../words/errors.ts";
import type { FullTextQuestion } from "./full-text-query.ts";
import type { Database } from "./database.ts";
import { isIn } from "./sql.ts";
import type { Chunk } from "../words/types.ts";
import type { Found, StoreTable } from "./store-table.ts";
import { Meta, type PublishedIndex } from "./meta.ts";
import { STORED_COLUMNS, type StoredChunk } from "./chunk-index.ts";
import { QueryCache } from "./query-cache.ts";
import { chunksTable, SCHEMA_VERSION, type ChunkColumns } from "./tables.ts";
import { mayExist, withDatabase, type StoreTarget } from "./open-store.ts";
import type { LastRun } from "../words/reports.ts";

/**
 * How much a match in each column counts; matches in several columns add up. All are equal, because
 * BM25 already favours short fields such as headings and titles.
 */
const COLUMN_WEIGHTS = { text: 1, headings: 1, title: 1 } as const;

/** With this many exact matches or fewer, similar spellings are searched, too. */
const FEW = 2;
/** Each word of a fuzzy search is looked up in every column, so only the first ones are. */
const MAX_FUZZY_WORDS = 8;

/** Sorts by score, then by id, so that the same question always gets the same answer. */
const inOrder = (found: Found<StoredChunk>[]): Found<StoredChunk>[] =>
  found.sort((one, other) => other.score - one.score || (one.row.id < other.row.id ? -1 : 1));

/** Reads the last complete build of one index. A writer at work does not change what it sees. */
export class IndexReader {
  /** The last complete build. */
  readonly published: PublishedIndex;
  /** Vectors of queries that builds have used. */
  readonly queries: QueryCache;
  /** The counts of the last run that sent something. */
  readonly lastRun: () => Promise<LastRun | null>;
  readonly #table: StoreTable<ChunkColumns>;

  constructor(
    { published, queries, lastRun }: Pick<IndexReader, "published" | "queries" | "lastRun">,
    table: StoreTable<ChunkColumns>,
  ) {
    this.published = published;
    this.queries = queries;
    this.lastRun = lastRun;
    this.#table = table;
  }

  /** Nearest chunks by cosine similarity. `vector` has unit length. */
  async nearest(
    vector: Float32Array,
    limit: number,
    where?: string,
  ): Promise<Found<StoredChunk>[]> {
    return inOrder(await this.#table.nearest(STORED_COLUMNS, vector, limit, where));
  }

  /** The same, but only the page of each chunk. Much faster. */
  nearestPages(
    vector: Float32Array,
    limit: number,
    where?: string,
  ): Promise<Found<{ page: string }>[]> {
    return this.#table.nearest(["page"], vector, limit, where);
  }

  /**
   * Best chunks by BM25 over text, headings and title. If few have the exact words, chunks with
   * similar spellings follow, never ranked above the others.
   */
  async matching(
    asked: Omit<FullTextQuestion, "weights" | "isFuzzy">,
    limit: number,
    where?: string,
  ): Promise<Found<StoredChunk>[]> {
    const { words } = asked;
    if (words.length === 0) return [];
    const question = { ...asked, weights: COLUMN_WEIGHTS };
    const exact = inOrder(await this.#table.matching(STORED_COLUMNS, question, limit, where));
    if (exact.length > FEW) return exact;
    const some = { ...question, words: words.slice(0, MAX_FUZZY_WORDS), isFuzzy: true };
    const near = inOrder(await this.#table.matching(STORED_COLUMNS, some, limit, where));
    const ids = new Set(exact.map(({ row }) => row.id));
    const highest = exact.at(-1)?.score ?? Infinity;
    const others = near.filter(({ row }) => !ids.has(row.id));
    const lower = others.map(({ row, score }) => ({ row, score: Math.min(score, highest) }));
    return [...exact, ...lower].slice(0, limit);
  }

  /** URL and vector of each chunk of a page. */
  async vectorsOfPage(page: string): Promise<{ url: string; vector: Float32Array | null }[]> {
    return Array.fromAsync(this.#table.scan(["url", "vector"], isIn("page", [page])));
  }

  /** URL without anchor, title, locale and version of every page, by id. */
  async pages(): Promise<Map<string, PageSummary>> {
    const pages = new Map<string, PageSummary>();
    const rows = this.#table.scan(["page", "url", "title", "locale", "version"]);
    for await (const { page, url, ...others } of rows) {
      if (!pages.has(page)) pages.set(page, { url: url.replace(/#.*$/u, ""), ...others });
    }
    return pages;
  }

  /** How many chunks there are, and how many of them wait for a vector of their own. */
  async counts(): Promise<{ chunks: number; pending: number }> {
    return { chunks: await this.#table.countRows(), pending: await this.pending() };
  }

  /** How many chunks wait for a vector of their own. */
  pending(): Promise<number> {
    return this.#table.countRows("vectorFingerprint IS NULL OR vectorFingerprint <> fingerprint");
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
  return withDatabase(target.uri, async (database) => {
    const meta = new Meta(database);
    if ((await meta.schemaVersion()) !== SCHEMA_VERSION) throw indexMissing(target);
    for (let tries = 1; ; tries += 1) {
      const published = await meta.published(target.index);
      if (published === null) throw indexMissing(target);
      try {
        const table = await openPublished(database, target, published);
        const queries = new QueryCache(database, target.index);
        const lastRun = () => meta.lastRun(target.index);
        return await use(new IndexReader({ published, queries, lastRun }, table));
      } catch (error) {
        const now = await meta.published(target.index);
        const isOvertaken = now !== null && now.version !== published.version;
        if (!isOvertaken || tries === TRIES) throw error;
      }
    }
  });
}

async function openPublished(
  database: Database,
  { uri, index }: StoreTarget,
  { version, space }: PublishedIndex,
): Promise<StoreTable<ChunkColumns>> {
  const table = await database.open(chunksTable(index, space.dimensions));
  if (table === null) throw indexMissing({ uri, index });
  if (await table.checkout(version)) return table;
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
