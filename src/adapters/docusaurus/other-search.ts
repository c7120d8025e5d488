import type { DocusaurusConfig } from "./context.ts";

/** Packages that put a search into the navigation bar, by what their names have in common. */
const SEARCH = /(?:^|[/_-])(?:lunr-)?search(?:[/_-]|$)|docsearch/iu;

/** The search that the site has set up for itself; null: none. */
export function otherSearch({ plugins, themeConfig, themes }: DocusaurusConfig): string | null {
  if (themeConfig["algolia"] !== undefined) return "Algolia";
  const names = [...plugins, ...themes].map((one): unknown => (Array.isArray(one) ? one[0] : one));
  return names.find((name) => typeof name === "string" && SEARCH.test(name))?.toString() ?? null;
}

/** What a site with another search is told. */
export const otherSearchSentence = (name: string): string =>
  `The search of this site (${name}) stays, and siterag shows none. Remove it, or set build.search to "replace".`;
