import type { Manifest } from "../reader/manifest.ts";

/**
 * The address of a page of an index. Where the index knows its place in the site, that is the address on the
 * server that is asked: a preview has another base than the published site.
 * @param index address of the folder of the index
 * @param origin of the page that is open: an index from another one is of another site
 */
export function siteAddress(
  url: string,
  { place }: Manifest,
  index: string,
  origin: string,
): string {
  const isOfSite = new URL(index).origin === origin;
  if (place === null || !isOfSite || !url.startsWith(place.base)) return url;
  const root = new URL(place.root, index.replace(/\/?$/u, "/"));
  return root.href + url.slice(place.base.length);
}
