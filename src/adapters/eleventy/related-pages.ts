import type { RelatedPage } from "../../words/hits.ts";
import { nameBelow } from "../page-name.ts";
import type { SiteResults } from "../site-results.ts";

/** A page near another one; `url` is without the path prefix, as in `page.url`. */
export interface NearPage extends Pick<RelatedPage, "score" | "title" | "url"> {}

/**
 * The pages near a page, nearest first. Its address is with or without the path prefix.
 * @param shows whether a page may be shown, by its address with the prefix
 */
export function relatedTo(
  results: SiteResults,
  url: string,
  shows: (url: string) => boolean,
  limit: number = results.pages.length,
): readonly NearPage[] {
  const { baseUrl } = results;
  const near = listsOf(results).get(nameBelow(url, baseUrl)) ?? [];
  return near
    .filter(({ url: other }) => shows(other))
    .slice(0, limit)
    .map(({ score, title, url: shown }) => ({ score, title, url: belowBase(shown, baseUrl) }));
}

type Lists = ReadonlyMap<string, readonly RelatedPage[]>;

/** Every page of a site asks. */
const known = new WeakMap<SiteResults, Lists>();

function listsOf(results: SiteResults): Lists {
  const { baseUrl, pages } = results;
  const lists =
    known.get(results) ??
    new Map(pages.map(({ related, url }) => [nameBelow(url, baseUrl), related]));
  known.set(results, lists);
  return lists;
}

/** `/docs/guide/` → `/guide/` for the base `/docs/` */
export const belowBase = (url: string, base: string): string =>
  base !== "/" && url.startsWith(base) ? `/${url.slice(base.length)}` : url;
