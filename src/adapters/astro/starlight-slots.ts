import { existsSync, readFileSync } from "node:fs";
import type { ResolvedConfig } from "../../config/schema.ts";
import type { Logger } from "../../words/types.ts";
import { languageFolders, type AstroConfig } from "./site.ts";

/** The part of a user's Starlight configuration that siterag reads. */
export interface StarlightConfig {
  readonly components?: Readonly<Record<string, string>>;
  readonly customCss?: readonly string[];
  readonly locales?: Readonly<Record<string, unknown>> | undefined;
}

/** What siterag changes in it. */
export interface StarlightChanges {
  readonly components: Record<string, string>;
  readonly customCss: string[];
  readonly pagefind?: false;
}

/** A Starlight site, and what siterag is to do in it. */
export interface StarlightSite {
  readonly config: StarlightConfig;
  readonly astroConfig: AstroConfig;
  readonly build: Pick<ResolvedConfig["build"], "related" | "search">;
  readonly logger: Logger;
}

const COMPONENTS = "siterag/components";
const SEARCH = `${COMPONENTS}/Search.astro`;
const PAGINATION = `${COMPONENTS}/starlight/Pagination.astro`;

/** What siterag changes in the configuration, and the paths of its search page, one for each language. */
export function fillSlots(site: StarlightSite): {
  readonly changes: StarlightChanges;
  readonly searchPages: readonly string[];
} {
  const { components = {}, customCss = [] } = site.config;
  const { build } = site;
  const ownSearch = build.search === "replace" ? undefined : components["Search"];
  const search = build.search === "off" ? "off" : slot(ownSearch, site);
  const related = build.related === 0 ? "off" : slot(components["Pagination"], site);
  if (search === "taken") site.logger.warn(searchTaken(ownSearch));
  if (related === "taken") site.logger.warn(relatedTaken(components["Pagination"]));
  const hasSearch = search === "free" || search === "ours";
  return {
    changes: {
      components: {
        ...components,
        ...(search === "free" ? { Search: SEARCH } : {}),
        ...(related === "free" ? { Pagination: PAGINATION } : {}),
      },
      customCss: [`${COMPONENTS}/starlight.css`, ...customCss],
      ...(hasSearch ? { pagefind: false } : {}),
    },
    searchPages: hasSearch ? searchPages(site) : [],
  };
}

/** Whether the site has put a component of its own in a place; `ours`: it has that of siterag in it. */
function slot(own: string | undefined, { astroConfig }: StarlightSite): "free" | "ours" | "taken" {
  if (own === undefined) return "free";
  const file = new URL(own, astroConfig.root);
  const isFile = own.startsWith(".") && existsSync(file);
  return isFile && readFileSync(file, "utf8").includes(`${COMPONENTS}/`) ? "ours" : "taken";
}

const searchTaken = (own = ""): string =>
  `The search stays ${own}, as components.Search of Starlight's configuration says. Remove it there, or set build.search to "replace", for the search of siterag.`;

const relatedTaken = (own = ""): string =>
  `No page shows related pages, because components.Pagination of Starlight's configuration is ${own}. Put <RelatedPages /> into it, from "${COMPONENTS}/RelatedPages.astro", or set build.related to 0.`;

function searchPages({ config, astroConfig, logger }: StarlightSite): readonly string[] {
  const { locales } = config;
  const folders =
    locales === undefined
      ? languageFolders(astroConfig.i18n).map(({ folder }) => folder)
      : Object.keys(locales).map((folder) => (folder === "root" ? "" : folder));
  return (folders.length === 0 ? [""] : folders).flatMap((folder) => {
    const path = folder === "" ? "search" : `${folder}/search`;
    const own = ownPage(path, astroConfig.srcDir);
    if (own === undefined) return [path];
    logger.warn(`siterag adds no search page at /${path}, because the site has ${own} there.`);
    return [];
  });
}

/** A page of the site itself at an address. */
function ownPage(path: string, srcDir: URL): string | undefined {
  const places = ["pages", "content/docs"].flatMap((folder) =>
    ["", "/index"].flatMap((end) =>
      ["astro", "md", "mdx"].map((extension) => `${folder}/${path}${end}.${extension}`),
    ),
  );
  return places.find((place) => existsSync(new URL(place, srcDir)));
}
