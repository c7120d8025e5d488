import type { UrlRules } from "./page-url.ts";

/**
 * Whether a host makes other pages from a file, as VitePress does from `[name].md` and others from
 * `[...slug].mdx`. In Starlight, Docusaurus and Eleventy brackets are part of a page's name.
 */
export const isRouteTemplate = (id: string, pathStyle: UrlRules["pathStyle"]): boolean =>
  pathStyle === "plain" && id.split("/").some((name) => PARAMETER.test(name));

/** A parameter of a route. `[draft] Notes.md` is the name of a page. */
const PARAMETER = /^\S*\[(?:\.\.\.)?\w+\]\S*$/;

/** A message names this many and counts the rest. */
const SHOWN = 5;

/** One sentence for all templates of a site. */
export function templatesSentence(ids: readonly string[]): string {
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : "";
  return (
    `Left out, because the site generator makes other pages from them, which siterag does not see: ${ids.slice(0, SHOWN).join(", ")}${more}. ` +
    "To hide this warning, name them in content.exclude, with a backslash before each bracket."
  );
}
