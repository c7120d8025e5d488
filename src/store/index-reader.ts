import { SiteragError } from "../words/errors.ts";
import type { FullTextQuestion } from "./full-text-query.ts";
import type { Database } from "./database.ts";
import { isIn } from "./sql.ts";
import type { Found, StoreTable } from "./store-table.ts";
import { Meta } from "./meta.ts";
import type { PublishedIndex } from "./meta.ts";
import { STORED_COLUMNS } from "./chunk-index.ts";
import type { StoredChunk } from "./chunk-index.ts";
import { QueryCache } from "./query-cache.ts";
import { chunksTable, SCHEMA_VERSION } from "./tables.ts";
import type { ChunkColumns } from "./tables.ts";
import { mayExist, withDatabase } from "./open-store.ts";
import type { StoreTarget } from "./open-store.ts";
import type { LastRun } from "../words/reports.ts";

/**
 * How much a match in each column counts; matches in several add up. Equal, because BM25 favours short
 * fields by itself, and headings and titles are short.
 */
const COLUMN_WEIGHTS = { text: 1, headings: 1, title: 1 } as const;

/** Up to so many exact matches, near spellings are looked for, too. */
const FEW = 2;
/** A misspelt question is a short one; each word is looked up in every column. */
const MAX_FUZZY_WORDS = 8;

/** Equal scores in order of id: the same question has the same answer every time. */
const inOrder = (found: Found<StoredChunk>[]): Found<StoredChunk>[] =>
  found.sort((one, other) => other.score - one.score || (one.row.id < other.row.id ? -1 : 1));

interface OpenIndex extends Pick<IndexReader, "published" | "queries" | "lastRun"> {
  readonly table: StoreTable<ChunkColumns>;
}

/** The reader's side of one index: the last complete build, unmoved by a writer at work. */
export class IndexReader {
  /** What the last complete build was. */
  readonly published: PublishedIndex;
  /** Vectors of queries that builds have used. */
  readonly queries: QueryCache;
  /** What the last run that has sent something came to. */
  readonly lastRun: () => Promise<LastRun | null>;
  readonly #table: StoreTable<ChunkColumns>;

  constructor({ table, published, queries, lastRun }: OpenIndex) {
    this.#table = table;
    this.published = published;
    this.queries = queries;
    this.lastRun = lastRun;
  }

  /** Nearest chunks by cosine similarity. `vector` has unit length. */
  async nearest(
    vector: Float32Array,
    limit: number,
    where?: string,
  ): Promise<Found<StoredChunk>[]> {
    return inOrder(await this.#table.nearest(STORED_COLUMNS, vector, limit, where));
  }

  /** The same, and only the page of each: much quicker where the texts are not wanted. */
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
    const others = near
      .filter(({ row }) => !ids.has(row.id))
      .map(({ row, score }) => ({ row, score: Math.min(score, highest) }));
    return [...exact, ...others].slice(0, limit);
  }

  /** Vectors and places of a page's chunks. */
  async vectorsOfPage(page: string): Promise<{ url: string; vector: Float32Array | null }[]> {
    return Array.fromAsync(this.#table.scan(["url", "vector"], isIn("page", [page])));
  }

  /** URL without anchor, title, locale and version of every page, by id. */
  async pages(): Promise<Map<string, PageSummary>> {
    const pages = new Map<string, PageSummary>();
    const names = ["page", "url", "title", "locale", "version"] as const;
    for await (const { page, url, title, locale, version } of this.#table.scan(names)) {
      if (pages.has(page)) continue;
      pages.set(page, { url: url.replace(/#.*$/u, ""), title, locale, version });
    }
    return pages;
  }

  /** All chunks, and those that have no vector of their own yet. */
  async counts(): Promise<{ chunks: number; pending: number }> {
    return { chunks: await this.#table.countRows(), pending: await this.pending() };
  }

  /** Chunks that have no vector of their own yet. */
  pending(): Promise<number> {
    return this.#table.countRows("vectorFingerprint IS NULL OR vectorFingerprint <> fingerprint");
  }
}

export interface PageSummary {
  readonly url: string;
  readonly title: string;
  readonly locale: string | null;
  readonly version: string | null;
}

/** Runs `use` with the index open for reading; takes no lock. Throws INDEX_MISSING before the first run. */
export async function withReader<Value>(
  target: StoreTarget,
  use: (reader: IndexReader) => Promise<Value>,
): Promise<Value> {
  if (!mayExist(target.uri)) throw indexMissing(target);
  return withDatabase(target.uri, (database) => readPinned(database, target, use));
}

/** Each try but the last may be overtaken by somebody who publishes. */
const TRIES = 5;

/**
 * Publishing removes the version that was pinned before. Who is overtaken by it, on the way to the
 * pin or while reading, begins again at the new one.
 */
async function readPinned<Value>(
  database: Database,
  target: StoreTarget,
  use: (reader: IndexReader) => Promise<Value>,
): Promise<Value> {
  const meta = new Meta(database);
  if ((await meta.schemaVersion()) !== SCHEMA_VERSION) throw indexMissing(target);
  for (let tries = 1; ; tries += 1) {
    const published = await meta.published(target.index);
    if (published === null) throw indexMissing(target);
    try {
      return await use(await openReader(database, target, published, meta));
    } catch (error) {
      const now = await meta.published(target.index);
      const isOvertaken = now !== null && now.version !== published.version;
      if (!isOvertaken || tries === TRIES) throw error;
    }
  }
}

async function openReader(
  database: Database,
  target: StoreTarget,
  published: PublishedIndex,
  meta: Meta,
): Promise<IndexReader> {
  const table = await database.open(chunksTable(target.index, published.space.dimensions));
  if (table === null) throw indexMissing(target);
  if (await table.checkout(published.version)) {
    const queries = new QueryCache(database, target.index);
    return new IndexReader({
      table,
      published,
      queries,
      lastRun: () => meta.lastRun(target.index),
    });
  }
  throw new SiteragError(
    "STORE_FAILED",
    `The published version of the index “${target.index}” is gone from ${target.uri}. Run \`siterag index\` to publish it again.`,
  );
}

const indexMissing = (target: StoreTarget): SiteragError =>
  new SiteragError(
    "INDEX_MISSING",
    `There is no index “${target.index}” in ${target.uri} yet. Run \`siterag index\` first.`,
  );
