import { idsOfPath } from "../content/ids-of-path.ts";
import { SiteragError } from "../words/errors.ts";
import { nearestName } from "../words/nearest-name.ts";
import type { PageSummary } from "../store/index-reader.ts";

/**
 * The id of the page that an id, path or URL names; `root` is the content root's absolute path. Throws
 * PAGE_UNKNOWN, which suggests the nearest id.
 */
export function findPage(
  pages: ReadonlyMap<string, PageSummary>,
  wanted: string,
  root: string,
): string {
  const named = idsOfPath(wanted, root).ids.find((id) => pages.has(id));
  if (named !== undefined) return named;
  const url = plainUrl(wanted);
  for (const [id, page] of pages) if (plainUrl(page.url) === url) return id;
  const nearest = nearestName(pages.keys(), wanted);
  const hint = nearest === null ? "The index is empty." : `Did you mean ${nearest}?`;
  throw new SiteragError("PAGE_UNKNOWN", `No page “${wanted}” in the index. ${hint}`);
}

/** Decoded, without query, anchor and slash at the end. */
function plainUrl(url: string): string {
  const plain = url.replace(/[?#].*$/u, "").replace(/\/$/u, "");
  try {
    return decodeURI(plain).normalize("NFC");
  } catch {
    return plain;
  }
}
