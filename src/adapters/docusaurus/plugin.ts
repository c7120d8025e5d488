import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { isOff } from "../../config/environment.ts";
import { labelsOf } from "../../interface/translations.ts";
import { ownFile } from "../../words/own-files.ts";
import { bundlerChanges, type BundlerChanges } from "./bundler.ts";
import { addCommand, type Cli } from "./command.ts";
import { languageOf, themeSettings, type DocusaurusContext } from "./context.ts";
import { hideOptions } from "./hide-options.ts";
import { hostLogger } from "./host-logger.ts";
import { otherSearch, otherSearchSentence } from "./other-search.ts";
import { addressOf, siteContent, type AllContent } from "./site-content.ts";
import { translationKeys } from "./translation-keys.ts";
import type { PluginOptions } from "./validate.ts";
import type { SiteWork } from "./work.ts";

export { swizzleConfig } from "./swizzle-config.ts";
export { validateOptions, validateThemeConfig } from "./validate.ts";

/** The part of Docusaurus's `Plugin` that siterag uses. */
export interface SiteragPlugin {
  readonly name: string;
  readonly allContentLoaded: (loaded: {
    readonly allContent: AllContent;
    readonly actions: PluginActions;
  }) => Promise<void>;
  readonly configureWebpack: () => BundlerChanges;
  readonly extendCli: (cli: Cli) => void;
  readonly getClientModules: () => string[];
  readonly getDefaultCodeTranslationMessages: () => Readonly<Record<string, string>>;
  readonly getThemePath: () => string;
  readonly injectHtmlTags: () => { readonly headTags?: readonly object[] };
  readonly postBuild: (built: { readonly outDir: string }) => Promise<void>;
}

interface PluginActions {
  readonly addRoute: (route: {
    readonly path: string;
    readonly component: string;
    readonly exact: boolean;
  }) => void;
  readonly setGlobalData: (data: object) => void;
}

const HERE = fileURLToPath(ownFile("adapters/docusaurus/"));

/** The theme of a site without a search: all that components import which a site has taken over. */
const THEME_WITHOUT_SEARCH = join(HERE, "theme-without-search");

/** The plugin while siterag is off. */
const OFF: Pick<SiteragPlugin, "getThemePath" | "name"> = {
  name: "siterag",
  getThemePath: () => THEME_WITHOUT_SEARCH,
};

/** Makes the plugin for a site in one locale. */
export function createPlugin(
  context: DocusaurusContext,
  { id = "default", ...options }: PluginOptions,
): typeof OFF | SiteragPlugin {
  hideOptions(context.siteConfig);
  if (isOff(process.env)) return OFF;
  const logger = hostLogger(context.siteConfigPath);
  const folder = join(context.generatedFilesDir, "siterag", id, "related");
  const task = { context, folder, logger, options };
  // `docusaurus build --dev` builds the site too.
  const isDev = process.env["NODE_ENV"] !== "production" && process.argv[2] !== "build";
  let work: SiteWork | null = null;
  const { searchPagePath } = themeSettings(context.siteConfig.themeConfig);
  let hasSearch = true;
  return {
    name: "siterag",
    async allContentLoaded({ actions, allContent }) {
      const content = siteContent(allContent, context);
      // Not above: Docusaurus loads plugins at once, and the database can only be loaded in its own time.
      work ??= (await import("./work.ts"))[isDev ? "devWork" : "buildWork"](task);
      const { search } = await work.load(content);
      const other = otherSearch(context.siteConfig);
      if (search === "auto" && other !== null) logger.warn(otherSearchSentence(other));
      hasSearch = search === "replace" || (search === "auto" && other === null);
      // Everything here is in every page: no address, no text.
      actions.setGlobalData({ pages: content.pages.length });
      if (!hasSearch || searchPagePath === false) return;
      const path = posix.join(context.baseUrl, searchPagePath);
      const isTaken = [...content.taken].some(
        (page) => addressOf(page, context) === addressOf(path, context),
      );
      if (isTaken || other === "Algolia") return;
      actions.addRoute({ path, component: "@theme/SearchPage", exact: true });
    },
    configureWebpack: () =>
      bundlerChanges(context, folder, isDev ? () => work?.dev() ?? null : null),
    extendCli: (cli) => addCommand(cli, context),
    getClientModules: () => [join(HERE, "../related-pages.css"), join(HERE, "style.css")],
    getDefaultCodeTranslationMessages: () => translationKeys(labelsOf(languageOf(context))),
    getThemePath: () => (hasSearch ? join(HERE, "theme") : THEME_WITHOUT_SEARCH),
    injectHtmlTags: () => ({
      headTags: hasSearch
        ? [
            {
              tagName: "script",
              attributes: { type: "module", src: `${context.baseUrl}siterag/search.js` },
            },
          ]
        : [],
    }),
    postBuild: async ({ outDir }) => {
      const isPartial = context.siteConfig.future.experimental_router === "hash";
      await work?.finish({ outDir, isPartial });
    },
  };
}
