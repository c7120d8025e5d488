import { dirname, sep } from "node:path";
import type { SiteragConfig } from "../../providers/load-config.ts";
import { isOutside, wayFrom, type PathRules } from "../../words/slashed-path.ts";
import { languageOf, type DocusaurusContext } from "./context.ts";
import type { SiteContent } from "./site-content.ts";

/** What Docusaurus says about the pages of a site, and where it shows them; `root` is absolute. */
export function foundInDocusaurus(
  context: DocusaurusContext,
  { folders, pages }: SiteContent,
  root: string,
  rules?: PathRules,
): SiteragConfig {
  const { baseUrl, localizationDir, outDir, siteConfig, siteDir } = context;
  const fromSite = (path: string): string => wayFrom(siteDir, path, rules);
  const fromRoot = (path: string): string => wayFrom(root, path, rules);
  const language = languageOf(context);
  const versions = folders.map(({ folder, version }) => [fromRoot(folder), version]);
  return {
    content: {
      root: fromSite(root),
      site: fromSite(outDir),
      baseUrl,
      urlStyle: siteConfig.trailingSlash === true ? "directory" : "clean",
      pathStyle: "docusaurus",
      slugger: "github",
      format: formatOf(siteConfig.markdown.format),
      locales: { ".": language, [fromRoot(localizationDir)]: language },
      versions: Object.fromEntries(versions),
      pages: Object.fromEntries(
        pages
          // The author has chosen another root.
          .filter(({ file }) => !isOutside(root, file, rules))
          .map(({ file, url }) => [fromRoot(file), url]),
      ),
    },
  };
}

const formatOf = (format: unknown): "detect" | "host" | "md" =>
  format === "md" || format === "detect" ? format : "host";

/** The innermost folder that holds the site and all of its pages: docs may be outside the site's folder. */
export function rootOf({ siteDir }: DocusaurusContext, { pages }: SiteContent): string {
  let root = siteDir;
  for (const { file } of pages) {
    while (!file.startsWith(`${root}${sep}`) && root !== dirname(root)) root = dirname(root);
  }
  return root;
}
