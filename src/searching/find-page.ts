import { SiteragError } from "../errors.ts";
import { nearestName } from "../nearest-name.ts";
import type { PageSummary } from "../store/index-reader.ts";

/**
 * Id of the page that an id or URL names. Throws PAGE_UNKNOWN with the nearest id.
 *
 * @param pages All pages of the index, by id.
 */
export function findPage(pages: ReadonlyMap<string, PageSummary>, wanted: string): string {
  if (pages.has(wanted)) return wanted;
  for (const [id, { url }] of pages) if (plainUrl(url) === plainUrl(wanted)) return id;
  const nearest = nearestName(pages.keys(), wanted);
  const hint = nearest === null ? "The index is empty." : `Did you mean ${nearest}?`;
  throw new SiteragError("PAGE_UNKNOWN", `No page “${wanted}” in the index. ${hint}`);
}

/** Without what leads inside the page, and without the slash that hosts add or take away. */
const plainUrl = (url: string): string => url.replace(/[?#].*$/u, "").replace(/\/$/u, "");
