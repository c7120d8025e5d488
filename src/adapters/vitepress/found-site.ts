import { readFileSync } from "node:fs";
import * as system from "node:path";
import { splitFrontmatter } from "../../content/frontmatter.ts";
import { isHidden } from "../../content/hidden-pages.ts";
import { withoutSilentComments, type PageRoutes } from "../../content/page-routes.ts";
import type { SiteragConfig } from "../../providers/load-config.ts";
import { wayFrom, type PathRules } from "../../words/slashed-path.ts";
import { languageOf, localeOf, routesOf, type VitePressConfig } from "./config.ts";

/** What VitePress's configuration says about the pages of a site, and where it shows them. */
export function foundInVitePress(
  config: VitePressConfig,
  rules: PathRules = system,
): SiteragConfig {
  const { cleanUrls = false, outDir, root, site, srcDir, userConfig } = config;
  const moved = movedPages(config);
  return {
    content: {
      root: wayFrom(root, srcDir, rules),
      // Not in `exclude`: a list of the user's own would replace it.
      include: [
        "**/*.md",
        ...["**/dist/**", ...(userConfig.srcExclude ?? [])].map((glob) => `!${glob}`),
      ],
      site: wayFrom(root, outDir, rules),
      ...(isRelative(site.base) ? {} : { baseUrl: site.base }),
      urlStyle: cleanUrls ? "clean" : "html",
      pathStyle: "plain",
      slugger: "vitepress",
      locales: { ...localeFolders(config), ...localesOf(config, moved) },
      paths: Object.fromEntries(moved),
      routes: routes(config),
    },
  };
}

/** Whether a base says nothing of where the site is published. */
export const isRelative = (base: string): boolean => base.startsWith(".");

/** Pages that rewrites show elsewhere, by path below `srcDir`. */
const movedPages = ({ rewrites }: VitePressConfig): readonly (readonly [string, string])[] =>
  Object.entries(rewrites.map).flatMap(([page, shown = page]) =>
    shown === page ? [] : [[page, shown] as const],
  );

function localeFolders(config: VitePressConfig): Record<string, string> {
  const keys = Object.keys(config.site.locales);
  if (keys.every((key) => key === "root")) return {};
  return Object.fromEntries(
    ["root", ...keys].map((key) => [key === "root" ? "." : key, languageOf(config, key)]),
  );
}

/** The languages of pages that a rewrite takes out of their folder or puts into another one. */
const localesOf = (
  config: VitePressConfig,
  moved: readonly (readonly [page: string, shown: string])[],
): Record<string, string> =>
  Object.fromEntries(
    moved.flatMap(([page, shown]) => {
      const locale = localeOf(config, shown);
      return locale === localeOf(config, page) ? [] : [[page, languageOf(config, locale)]];
    }),
  );

/** Pages of dynamic routes. Nothing of those that belong in no index: this is written to a file. */
function routes(config: VitePressConfig): PageRoutes {
  const templates = new Map<string, string | null>();
  const templateOf = (file: string): string | null => {
    const known = templates.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(system.join(config.srcDir, file), "utf8");
    const template = isHidden(splitFrontmatter(text)) ? null : text;
    templates.set(file, template);
    return template;
  };
  return Object.fromEntries(
    routesOf(config).flatMap(({ content: written = "", params = {}, path, route: file }) => {
      const template = templateOf(file);
      if (template === null) return [];
      const content = withoutSilentComments(written);
      const isUsed = (name: string): boolean =>
        [template, content].some((text) => text.includes(`$params.${name}`));
      const used = Object.entries(params).filter(([name]) => isUsed(name));
      return [[path, { file, params: Object.fromEntries(used), content }]];
    }),
  );
}
