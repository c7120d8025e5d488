import type { IndexReader, PageSummary } from "../store/index-reader.ts";
import { whereOf } from "../store/row-filter.ts";
import { lookDeeper } from "./look-deeper.ts";
import { meanOf, PageGroup } from "./page-group.ts";

type Pages = ReadonlyMap<string, PageSummary>;

/** The vectors of an index, by page. */
export interface PageVectors {
  /**
   * Scores the other pages with the same locale and version. A page's score is the highest cosine between one of its
   * chunks and the mean of the chunks of `page`. Returns the nearest pages, of `limit` URLs or more; none if `page` has
   * no vectors.
   */
  readonly near: (page: string, limit: number) => Promise<ReadonlyMap<string, number>>;
}

/** Chunks of the first search, for every page wanted. */
const CHUNKS_PER_PAGE = 20;

/** Asks the store, twice for each call. */
export const storedVectors = (reader: IndexReader, pages: Pages): PageVectors => ({
  near: async (page, limit) => {
    const rows = await reader.vectorsOfPage(page);
    const vector = meanOf(rows.flatMap((row) => row.vector ?? []));
    if (vector === null) return new Map();
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
  // In the order in which they are asked for.
  const byKind = Map.groupBy([...byPage.keys()].sort(), kindOf);
  const groups = new Map([...byKind].map(([kind, some]) => [kind, new PageGroup(some, vectorsOf)]));
  const nearest = (page: string, limit: number) =>
    lookDeeper(
      2 * limit,
      async (depth) => groups.get(kindOf(page))?.near(page, depth) ?? [],
      (found) =>
        countUrls(
          pages,
          page,
          found.map(([id]) => id),
        ) >= limit,
    );
  return { near: async (page, limit) => new Map(await nearest(page, limit)) };
}

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
