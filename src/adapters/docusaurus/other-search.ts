import type { DocusaurusConfig } from "./context.ts";
import { isSiterag } from "./hide-options.ts";

/** Packages that put a search into the navigation bar, by what their names have in common. */
const SEARCH = /(?:^|[/_-])(?:lunr-)?search(?:[/_-](?!console)|$)|docsearch/iu;

/** The search that the site has set up for itself; null: none. */
export function otherSearch({ plugins, themeConfig, themes }: DocusaurusConfig): string | null {
  if (themeConfig["algolia"] !== undefined) return "Algolia";
  const names = [...plugins, ...themes].map((one): unknown => (Array.isArray(one) ? one[0] : one));
  return names.find(isSearch) ?? null;
}

const isSearch = (name: unknown): name is string =>
  typeof name === "string" && !isSiterag(name) && SEARCH.test(packageOf(name));

/** What tells the package of a plugin that a path may name, as `require.resolve` does: no folder above the site. */
function packageOf(name: string): string {
  const path = name.replaceAll("\\", "/").replace(/\.[cm]?[jt]s$/u, "");
  if (!/^(?:[a-z]:)?\/|^\./iu.test(path)) return path;
  const [, ...installed] = path.split("/node_modules/");
  return installed.at(-1) ?? path.split("/").slice(-2).join("/");
}

/** What a site with another search is told. */
export const otherSearchSentence = (name: string): string =>
  `The search of this site (${name}) stays, and siterag shows none. Remove it, or set build.search to "replace".`;
