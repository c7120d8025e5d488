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
   * of the best chunk of each. Has the pages of `limit` URLs, nearly always the nearest ones.
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
 * @param share the part of the pages that will be asked about
 */
export async function loadedVectors(
  reader: IndexReader,
  pages: Pages,
  share: number,
): Promise<PageVectors> {
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
      const kind = kindOf(page);
      const group = groups.get(kind);
      const asked = (byKind.get(kind)?.length ?? 0) * share;
      if (group !== undefined && asked >= MANY) {
        const near = group.nearLikely(page, vector, limit * LIKELY_PER_PAGE);
        if (countUrls(pages, page, near.keys()) >= limit) return near;
      }
      return group?.near(page, vector) ?? new Map();
    },
  };
}

/** With so many pages to answer for, it pays to find out first, and roughly, which may be near to each. */
const MANY = 400;

/** Pages that may be near, for every page wanted. */
const LIKELY_PER_PAGE = 16;

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
