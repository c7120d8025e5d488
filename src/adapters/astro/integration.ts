import { fileURLToPath } from "node:url";
import type { Logger } from "../../words/types.ts";
import { foundInAstro, pageEnd, withHtmlFolder, type AstroConfig } from "./site.ts";
import { basePath } from "../base-path.ts";
import { leaveOutOfSitemap } from "./sitemap.ts";
import type { HostSite } from "../host-site.ts";
import { MODULE_TYPES, resultsPlugin } from "../results-module.ts";
import { startBuild, type SiteBuild } from "../site-build.ts";
import { startDev } from "../site-dev.ts";
import { NO_RESULTS } from "../site-results.ts";
import { virtualModule } from "../virtual-module.ts";
import { devServerPlugin } from "../vite-dev.ts";

/** The part of `AstroIntegration` that siterag uses. */
export interface SiteragIntegration {
  readonly name: string;
  readonly hooks: {
    readonly "astro:config:setup": (astro: AstroSetup) => Promise<void>;
    readonly "astro:config:done": (astro: AstroDone) => void;
    readonly "astro:build:start": (astro: { readonly logger: Logger }) => Promise<void>;
    readonly "astro:build:done": (astro: { readonly dir: URL }) => Promise<void>;
  };
}

interface AstroSetup {
  readonly command: "dev" | "build" | "preview" | "sync";
  readonly config: AstroConfig;
  readonly logger: Logger;
  readonly updateConfig: (config: { vite: { plugins: VitePlugin[] } }) => unknown;
  readonly injectRoute: (route: {
    pattern: string;
    entrypoint: string;
    prerender: boolean;
  }) => unknown;
}

interface AstroDone {
  readonly config: AstroConfig;
  readonly buildOutput: "static" | "server";
  readonly injectTypes: (types: { filename: string; content: string }) => unknown;
}

/** Vite looks for the hooks by itself. */
interface VitePlugin {
  readonly name: string;
}

/** How siterag works in a site. */
export interface AstroUse extends Pick<HostSite, "host" | "options"> {
  /** Paths of the search page, one for each language: `search`, `ja/search`. */
  readonly searchPages: readonly string[];
  /** Further plugins for Vite. */
  readonly plugins: readonly VitePlugin[];
}

/** The site as Astro's configuration describes it. */
export const astroSite = (
  { host, options }: Pick<AstroUse, "host" | "options">,
  config: AstroConfig,
  logger: Logger,
): HostSite => ({
  host,
  root: fileURLToPath(config.root),
  options,
  found: foundInAstro(config),
  logger,
  environment: process.env,
});

/** The integration for Astro, with or without Starlight. */
export function astroIntegration(use: AstroUse): SiteragIntegration {
  let build: SiteBuild | null = null;
  let config: AstroConfig | null = null;
  let isOnDemand = false;
  return {
    name: "siterag",
    hooks: {
      "astro:config:setup": async (astro) => {
        const base = basePath(astro.config.base);
        const end = pageEnd(astro.config);
        const pages = use.searchPages.map((path) => base + path + end);
        const index = `${base}siterag/`;
        const search = virtualModule(
          "virtual:siterag/astro",
          () => `export const search = ${JSON.stringify({ index, pages })};`,
        );
        for (const pattern of use.searchPages) {
          astro.injectRoute({ pattern, entrypoint: SEARCH_PAGE, prerender: true });
        }
        leaveOutOfSitemap(astro.config.integrations, use.searchPages);
        const plugins: VitePlugin[] = [...use.plugins, search];
        if (astro.command === "dev") {
          const dev = await startDev(astroSite(use, astro.config, astro.logger));
          plugins.push(
            resultsPlugin(() => dev.results),
            devServerPlugin(dev, base),
          );
        } else plugins.push(resultsPlugin(() => build?.results ?? NO_RESULTS));
        astro.updateConfig({ vite: { plugins } });
      },
      "astro:config:done": (astro) => {
        isOnDemand = astro.buildOutput === "server";
        config = withHtmlFolder(astro.config, isOnDemand);
        astro.injectTypes({ filename: "siterag.d.ts", content: MODULE_TYPES });
      },
      "astro:build:start": async ({ logger }) => {
        if (config === null) return;
        build = await startBuild(astroSite(use, config, logger));
        if (isOnDemand && build.config?.content.from === "html") logger.warn(NOT_IN_HTML);
      },
      "astro:build:done": async ({ dir }) =>
        build?.finish({ outDir: fileURLToPath(dir), isPartial: isOnDemand }),
    },
  };
}

const SEARCH_PAGE = "siterag/components/starlight/search.astro";

const NOT_IN_HTML =
  'Pages that are rendered on demand are not found: content.from is "html", and the build writes no HTML for them. Set content.from to "source" if they come from Markdown.';
