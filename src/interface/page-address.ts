/** Where a page is, however its address ends: with `index.html`, `.html` or a slash, or without. */
export const pagePath = (url: URL): string =>
  url.pathname.replace(/(?:\/index)?(?:\.html)?\/*$/u, "");

/** The id that an address names; empty for a page as a whole. */
export function anchorOf({ hash }: URL): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}
