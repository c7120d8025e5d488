import { pageFiles } from "../content/page-files.ts";
import { findPage } from "./find-page.ts";
import { nameOfBuild, neighboursIn, textOf, type RelatedKeeper } from "./kept-related.ts";
import { loadedVectors, storedVectors, type PageVectors } from "./page-vectors.ts";
import type { SharedOptions } from "./search.ts";
import { withReader, type IndexReader, type PageSummary } from "../store/index-reader.ts";
import type { StoreTarget } from "../store/with-database.ts";
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
/**
 * The pages nearest to a page, nearest first, among those with its locale and version. Uses stored
 * vectors, so it makes no call. Throws INDEX_MISSING, PAGE_UNKNOWN, and USAGE without vectors.
 */
export async function related(options: RelatedOptions): Promise<RelatedPage[]> {
  const { config, limit = DEFAULT_LIMIT } = options;
  return withReader(config.store, async (reader) => {
    if (!hasVectors(reader.published.space)) throw noVectors();
    const pages = await reader.pages();
    const page = findPage(pages, options.page, pageFiles(config.content).root);
    return pagesNear(storedVectors(reader, pages), pages, page, limit);
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

/** The vectors of so many chunks are read into memory at once: 30 MB with 768 dimensions. */
const MOST_LOADED = 10_000;

/**
 * The nearest pages of every page of the index, in order of id; from `keeper`, if it has those of the same
 * build. Throws INDEX_MISSING.
 */
export const relatedOfAll = (
  store: StoreTarget,
  limit: number = DEFAULT_LIMIT,
  keeper?: RelatedKeeper,
): Promise<PageNeighbours[]> =>
  withReader(store, async (reader) => {
    const pages = await reader.pages();
    const build = nameOfBuild(store.index, reader, pages, limit);
    const text = await keeper?.read();
    const known = neighboursIn(text ?? null, build, pages);
    if (known !== null) return known;
    const found = await relatedIn(reader, limit, pages);
    await keeper?.write(textOf(build, found));
    return found;
  });

/** The same of an open index, whose pages are given; `isWanted`: of some of them. */
export async function relatedIn(
  reader: IndexReader,
  limit: number,
  pages: ReadonlyMap<string, PageSummary>,
  isWanted: (page: string) => boolean = () => true,
): Promise<PageNeighbours[]> {
  const wanted = [...pages].filter(([page]) => isWanted(page));
  const inOrder = wanted.sort(([one], [other]) => (one < other ? -1 : 1));
  const { chunks } = await reader.counts();
  const vectors =
    chunks > MOST_LOADED ? storedVectors(reader, pages) : await loadedVectors(reader, pages);
  return Array.fromAsync(inOrder, async ([page, { url }]) => {
    return { page, url, related: await pagesNear(vectors, pages, page, limit) };
  });
}

async function pagesNear(
  vectors: PageVectors,
  pages: ReadonlyMap<string, PageSummary>,
  page: string,
  limit: number,
): Promise<RelatedPage[]> {
  const inOrder = [...(await vectors.near(page, limit))]
    .map(([id, score]) => {
      const { url = "", title = "" } = pages.get(id) ?? {};
      return { page: id, url, title, score };
    })
    .sort((one, other) => other.score - one.score || (one.page < other.page ? -1 : 1));
  const byUrl = Map.groupBy(inOrder, ({ url }) => url);
  byUrl.delete(pages.get(page)?.url ?? "");
  return [...byUrl.values()].flatMap(([nearest]) => nearest ?? []).slice(0, limit);
}
