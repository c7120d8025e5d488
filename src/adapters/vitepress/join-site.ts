import { ENGLISH } from "../../interface/labels.ts";
import { labelsOf } from "../../interface/translations.ts";
import type { SiteragConfig } from "../../providers/load-config.ts";
import { SiteragError } from "../../words/errors.ts";
import { isRecord } from "../../words/is-record.ts";
import type { Logger } from "../../words/types.ts";
import type { HostSite } from "../host-site.ts";
import { startBuild } from "../site-build.ts";
import { startDev, type DevSite } from "../site-dev.ts";
import type { SiteResults } from "../site-results.ts";
import { isVitePressConfig, languageOf, ownSearch, type VitePressConfig } from "./config.ts";
import { addPageData } from "./page-data.ts";
import { addSearchPage, type SearchPage } from "./search-page.ts";
import { foundInVitePress, isRelative } from "./found-site.ts";
import type { ThemeFacts } from "./theme.ts";

/** What siterag brings into a site. */
export interface JoinedSite {
  readonly results: () => SiteResults;
  /** Null: the site is built. */
  readonly dev: DevSite | null;
  readonly base: string;
  /** Whether the default theme shows siterag's search. */
  readonly hasSearch: boolean;
  readonly searchPage: SearchPage | null;
  readonly facts: ThemeFacts;
}

/**
 * Joins the build or the dev server of a site. Throws if the configuration is wrong, except in a dev server.
 * @param vite Vite's configuration, in which VitePress has put its own
 */
export async function joinSite(
  vite: object,
  options: SiteragConfig,
  isDev: boolean,
): Promise<JoinedSite> {
  const config = isRecord(vite) ? vite["vitepress"] : null;
  if (!isVitePressConfig(config)) throw notVitePress();
  const { root, site } = config;
  const logger = loggerOf(config);
  const found = foundInVitePress(config);
  const host = { host: "vitepress", root, options, found, logger, environment: process.env };
  const dev = isDev ? await startDev(host) : null;
  const results = dev === null ? await buildResults(host, config) : () => dev.results;
  const { related, search } = results();
  const base = baseOf(site.base, results(), logger);
  const hasSearch = search !== "off" && (search === "replace" || isFree(config, vite, logger));
  const words = labelsOf(languageOf(config, "root"));
  const searchPage = hasSearch ? addSearchPage(config, base, words) : null;
  if (hasSearch) {
    site.head.push(["script", { type: "module", src: `${base}siterag/search.js` }]);
  }
  const facts = { ...wordsOf(config), searchPage: searchPage?.url ?? null, related, isDev };
  return { results, dev, base, hasSearch, searchPage, facts };
}

/** The path that addresses begin with, also where VitePress's own is relative to each page. */
function baseOf(base: string, { baseUrl, search }: SiteResults, logger: Logger): string {
  if (!isRelative(base)) return base;
  if (baseUrl === "/" && search !== "off") logger.warn(NO_BASE);
  return new URL(baseUrl, "http://site.invalid").pathname;
}

const NO_BASE =
  'VitePress\'s base "./" does not say where the site is published, so the search and its links begin at "/". If it is published below another path, set content.baseUrl to that; if not, set base to "/".';

/** Indexes the site, and lets its build give each page its results and end with the readers' index. */
async function buildResults(host: HostSite, config: VitePressConfig): Promise<() => SiteResults> {
  const build = await startBuild(host);
  if (build.config !== null) {
    addPageData(config, build.results);
    const { buildEnd } = config;
    config.buildEnd = async (built) => {
      await buildEnd?.call(config, built);
      await build.finish({ outDir: built.outDir });
    };
  }
  return () => build.results;
}

/** Whether the theme's place for a search is free. If not, says so. */
function isFree(config: VitePressConfig, vite: object, logger: Logger): boolean {
  const provider = ownSearch(config);
  if (provider !== null) logger.warn(otherSearch(provider));
  const isReplaced = aliasesOf(vite).some((find) => find.test("./VPNavBarSearch.vue"));
  if (isReplaced) logger.warn(OTHER_COMPONENT);
  return provider === null && !isReplaced;
}

const otherSearch = (provider: string): string =>
  `The search of themeConfig (${provider}) stays, and siterag shows none. Remove it, or set build.search to "replace".`;

const OTHER_COMPONENT =
  'The component that resolve.alias puts in the place of VPNavBarSearch.vue stays, and siterag shows no search there. Remove the alias, or set build.search to "replace" and show SiteragSearch of "siterag/vitepress/client" in the component.';

/** The patterns of `resolve.alias`. */
function aliasesOf(vite: object): readonly RegExp[] {
  const resolve = "resolve" in vite ? vite.resolve : null;
  const aliases = isRecord(resolve) ? resolve["alias"] : null;
  if (!Array.isArray(aliases)) return [];
  return aliases.flatMap((alias: unknown) =>
    isRecord(alias) && alias["find"] instanceof RegExp ? [alias["find"]] : [],
  );
}

/** The words of the interface for each locale of the site; it has the English ones itself. */
function wordsOf(config: VitePressConfig): Pick<ThemeFacts, "labels" | "relatedHeadings"> {
  const locales = new Set(["root", ...Object.keys(config.site.locales)]);
  const words = [...locales].map((key) => [key, labelsOf(languageOf(config, key))] as const);
  return {
    labels: Object.fromEntries(words.filter(([, labels]) => labels !== ENGLISH)),
    relatedHeadings: Object.fromEntries(
      words.map(([key, { relatedPages }]) => [key, relatedPages]),
    ),
  };
}

const notVitePress = (): SiteragError =>
  new SiteragError(
    "CONFIG_INVALID",
    "siterag/vitepress found no VitePress: put siterag() into `vite.plugins` of `.vitepress/config`.",
  );

/** VitePress says by itself nothing of who writes a line. */
const loggerOf = ({ logger }: VitePressConfig): Logger => ({
  info: (line) => logger.info(`siterag: ${line}`),
  warn: (line) => logger.warn(`siterag: ${line}`),
});
