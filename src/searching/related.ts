import { pageFiles } from "../content/page-files.ts";
import { findPage } from "./find-page.ts";
import { lookDeeper } from "./look-deeper.ts";
import type { SharedOptions } from "./search.ts";
import { withReader, type IndexReader, type PageSummary } from "../store/index-reader.ts";
import type { StoreTarget } from "../store/open-store.ts";
import { whereOf } from "../store/row-filter.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { SiteragError } from "../words/errors.ts";
import type { RelatedPage } from "../words/hits.ts";

export interface RelatedOptions extends Pick<SharedOptions, "config"> {
  /** Page id (`guide/install.md`), path or URL; an anchor or a slash at the end is ignored. */
  readonly page: string;
  /** Pages in the answer. Default 5. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 5;
/** Chunks of the first search, for every page wanted. */
const CHUNKS_PER_PAGE = 20;

/**
 * The pages nearest to a page, nearest first, among those with its locale and version. Uses stored
 * vectors, so it makes no call. Throws INDEX_MISSING, PAGE_UNKNOWN, and USAGE without vectors.
 */
export async function related(options: RelatedOptions): Promise<RelatedPage[]> {
  const { config, limit = DEFAULT_LIMIT } = options;
  return withReader(config.store, async (reader) => {
    if (!hasVectors(reader.published.space)) throw noVectors();
    const pages = await reader.pages();
    return pagesNear(
      reader,
      pages,
      findPage(pages, options.page, pageFiles(config.content).root),
      limit,
    );
  });
}

const noVectors = (): SiteragError =>
  new SiteragError(
    "USAGE",
    'The index has no vectors, and only vectors tell which pages are near: it was built with embedding.provider "none". Set another provider and run `siterag index`.',
  );

/** A page of the index with the pages near it, nearest first. */
export interface PageNeighbours extends Pick<RelatedPage, "page" | "url"> {
  readonly related: readonly RelatedPage[];
}

/** The nearest pages of every page of the index, in order of id. Throws INDEX_MISSING. */
export const relatedOfAll = (store: StoreTarget): Promise<PageNeighbours[]> =>
  withReader(store, async (reader) => {
    const pages = await reader.pages();
    const inOrder = [...pages].sort(([one], [other]) => (one < other ? -1 : 1));
    return Array.fromAsync(inOrder, async ([page, { url }]) => {
      return { page, url, related: await pagesNear(reader, pages, page, DEFAULT_LIMIT) };
    });
  });

async function pagesNear(
  reader: IndexReader,
  pages: ReadonlyMap<string, PageSummary>,
  page: string,
  limit: number,
): Promise<RelatedPage[]> {
  const vector = await meanVector(reader, page);
  if (vector === null) return [];
  const { locale = null, version = null, url: own } = pages.get(page) ?? {};
  const where = whereOf({ locale, version }, page);
  const alike = [...pages].filter(
    ([, other]) => other.locale === locale && other.version === version,
  );
  const countUrls = (ids: readonly string[]): number =>
    new Set(ids.map((id) => pages.get(id)?.url).filter((url) => url !== own)).size;
  const wanted = Math.min(limit, countUrls(alike.map(([id]) => id)));
  const found = await lookDeeper(
    limit * CHUNKS_PER_PAGE,
    (depth) => reader.nearestPages(vector, depth, where),
    (chunks) => countUrls(chunks.map(({ row }) => row.page)) >= wanted,
  );
  const best = new Map<string, number>();
  for (const { row, score } of found) {
    best.set(row.page, Math.max(score, best.get(row.page) ?? -1));
  }
  const inOrder = [...best]
    .map(([id, score]) => {
      const { url = "", title = "" } = pages.get(id) ?? {};
      return { page: id, url, title, score };
    })
    .sort((one, other) => other.score - one.score || (one.page < other.page ? -1 : 1));
  const byUrl = Map.groupBy(inOrder, ({ url }) => url);
  byUrl.delete(own ?? "");
  return [...byUrl.values()].flatMap(([nearest]) => nearest ?? []).slice(0, limit);
}

/** The mean of the page's vectors, with unit length; null if it has none. */
async function meanVector(reader: IndexReader, page: string): Promise<Float32Array | null> {
  const rows = await reader.vectorsOfPage(page);
  const vectors = rows.map(({ vector }) => vector).filter((vector) => vector !== null);
  const [first] = vectors;
  if (first === undefined) return null;
  const sum = first.map((_, at) => vectors.reduce((total, vector) => total + (vector[at] ?? 0), 0));
  const length = Math.hypot(...sum);
  return length === 0 ? first : sum.map((number) => number / length);
}
