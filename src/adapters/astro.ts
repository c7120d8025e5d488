import { fileURLToPath } from "node:url";
import type { SiteragConfig } from "../providers/load-config.ts";
import type { HostSite } from "./host-site.ts";
import { startBuild, type SiteBuild } from "./site-build.ts";
import { NO_RESULTS, type SiteResults } from "./site-results.ts";
import { toError } from "../words/errors.ts";
import type { Logger } from "../words/types.ts";
import { MODULE_TYPES, resultsPlugin, type ResultsPlugin } from "./results-module.ts";

/** The part of `AstroIntegration` that siterag uses. */
export interface SiteragIntegration {
  readonly name: string;
  readonly hooks: {
    readonly "astro:config:setup": (astro: AstroSetup) => Promise<void>;
    readonly "astro:config:done": (astro: AstroDone) => void;
    readonly "astro:build:done": (astro: AstroBuilt) => Promise<void>;
  };
}

interface AstroSetup {
  readonly command: "dev" | "build" | "preview" | "sync";
  readonly config: { readonly root: URL };
  readonly logger: Logger;
  readonly updateConfig: (config: { vite: { plugins: ResultsPlugin[] } }) => unknown;
}

interface AstroBuilt {
  readonly dir: URL;
}

interface AstroDone {
  readonly injectTypes: (types: { filename: string; content: string }) => unknown;
}

/**
 * Indexes the site when Astro builds it, and once when its dev server starts. Pages import related
 * pages and answers from `virtual:siterag`. `options` override the configuration file.
 */
export default function siterag(options: SiteragConfig = {}): SiteragIntegration {
  let build: SiteBuild | null = null;
  return {
    name: "siterag",
    hooks: {
      "astro:config:setup": async ({ command, config, logger, updateConfig }) => {
        const root = fileURLToPath(config.root);
        const site = {
          host: "astro",
          root,
          options,
          found: {},
          logger,
          environment: process.env,
        };
        if (command === "build") build = await startBuild(site);
        const results = command === "dev" ? await inDev(site) : (build?.results ?? NO_RESULTS);
        updateConfig({ vite: { plugins: [resultsPlugin(() => results)] } });
      },
      "astro:config:done": ({ injectTypes }) => {
        injectTypes({ filename: "siterag.d.ts", content: MODULE_TYPES });
      },
      "astro:build:done": async ({ dir }) => {
        await build?.finish({ outDir: fileURLToPath(dir) });
      },
    },
  };
}

/** A dev server starts with a wrong configuration, too. */
async function inDev(site: HostSite): Promise<SiteResults> {
  try {
    return (await startBuild(site)).results;
  } catch (error) {
    site.logger.warn(toError(error).message);
    return NO_RESULTS;
  }
}
