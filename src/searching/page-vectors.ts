import type { IndexReader, PageSummary } from "../store/index-reader.ts";
import { whereOf } from "../store/row-filter.ts";
import { lookDeeper } from "./look-deeper.ts";
import { PageGroup } from "./page-group.ts";

type Pages = ReadonlyMap<string, PageSummary>;

/** The vectors of an index, by page. */
export interface PageVectors {
  /** Those of a page's chunks. */
  readonly ofPage: (page: string) => Promise<readonly Float32Array[]>;
  /**
   * How near other pages of the same locale and version come to `vector`, which has unit length: the cosine
   * of the best chunk of each. Has at least the pages of the nearest `limit` URLs.
   */
  readonly near: (
    page: string,
    vector: Float32Array,
    limit: number,
  ) => Promise<ReadonlyMap<string, number>>;
}

/** Chunks of the first search, for every page wanted. */
const CHUNKS_PER_PAGE = 20;

/** Asks the store, once for each call. */
export const storedVectors = (reader: IndexReader, pages: Pages): PageVectors => ({
  ofPage: async (page) => {
    const rows = await reader.vectorsOfPage(page);
    return rows.flatMap(({ vector }) => vector ?? []);
  },
  near: async (page, vector, limit) => {
    const { locale = null, version = null } = pages.get(page) ?? {};
    const where = whereOf({ locale, version }, page);
    const wanted = Math.min(limit, countUrls(pages, page, alike(pages, page)));
    const found = await lookDeeper(
      limit * CHUNKS_PER_PAGE,
      (depth) => reader.nearestPages(vector, depth, where),
      (chunks) =>
        countUrls(
          pages,
          page,
          chunks.map(({ row }) => row.page),
        ) >= wanted,
    );
    const best = new Map<string, number>();
    for (const { row, score } of found) {
      best.set(row.page, Math.max(score, best.get(row.page) ?? -1));
    }
    return best;
  },
});

/**
 * Reads all vectors at once and compares them here. For the pages of a whole site, that takes a small part
 * of the time that two requests a page take.
 */
export async function loadedVectors(reader: IndexReader, pages: Pages): Promise<PageVectors> {
  const byPage = Map.groupBy(await reader.vectors(), ({ page }) => page);
  const vectorsOf = (page: string): readonly Float32Array[] =>
    byPage.get(page)?.flatMap(({ vector }) => vector ?? []) ?? [];
  const kindOf = (page: string): string => {
    const { locale = null, version = null } = pages.get(page) ?? {};
    return JSON.stringify([locale, version]);
  };
  const byKind = Map.groupBy(byPage.keys(), kindOf);
  const groups = new Map([...byKind].map(([kind, some]) => [kind, new PageGroup(some, vectorsOf)]));
  return {
    ofPage: async (page) => vectorsOf(page),
    near: async (page, vector, limit) => {
      const group = groups.get(kindOf(page));
      if (group === undefined) return new Map();
      for (let most = limit * PAGES_PER_PAGE; ; most *= FACTOR) {
        const near = group.near(page, vector, most);
        if (most >= group.size || countUrls(pages, page, near.keys()) >= limit) return near;
      }
    },
  };
}

/** Pages that are compared exactly, for every page wanted; more, where many of them share a URL. */
const PAGES_PER_PAGE = 8;
const FACTOR = 4;

/** How many URLs pages have, without that of one page. */
function countUrls(pages: Pages, page: string, ids: Iterable<string>): number {
  const urls = new Set(Array.from(ids, (id) => pages.get(id)?.url));
  urls.delete(pages.get(page)?.url);
  return urls.size;
}

/** The other pages with the same locale and version. */
function alike(pages: Pages, page: string): string[] {
  const own = pages.get(page);
  return [...pages]
    .filter(
      ([id, { locale, version }]) =>
        id !== page && locale === (own?.locale ?? null) && version === (own?.version ?? null),
    )
    .map(([id]) => id);
}
