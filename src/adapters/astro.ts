import { fileURLToPath } from "node:url";
import type { SiteragConfig } from "../providers/load-config.ts";
import { buildSiteResults, NO_RESULTS } from "./site-results.ts";
import type { Logger } from "../words/types.ts";
import { MODULE_TYPES, resultsPlugin, type ResultsPlugin } from "./results-module.ts";

/** The part of `AstroIntegration` that siterag uses. */
export interface SiteragIntegration {
  readonly name: string;
  readonly hooks: {
    readonly "astro:config:setup": (astro: AstroSetup) => Promise<void>;
    readonly "astro:config:done": (astro: AstroDone) => void;
  };
}

interface AstroSetup {
  readonly command: "dev" | "build" | "preview" | "sync";
  readonly config: { readonly root: URL };
  readonly logger: Logger;
  readonly updateConfig: (config: { vite: { plugins: ResultsPlugin[] } }) => unknown;
}

interface AstroDone {
  readonly injectTypes: (types: { filename: string; content: string }) => unknown;
}

/**
 * Indexes the site when Astro builds it, and once when its dev server starts. Pages import related
 * pages and answers from `virtual:siterag`. `options` override the configuration file.
 */
export default function siterag(options: SiteragConfig = {}): SiteragIntegration {
  return {
    name: "siterag",
    hooks: {
      "astro:config:setup": async ({ command, config, logger, updateConfig }) => {
        const isRendering = command === "build" || command === "dev";
        const results = isRendering
          ? await buildSiteResults({
              cwd: fileURLToPath(config.root),
              overrides: options,
              environment: process.env,
              logger,
              isForgiving: command === "dev",
            })
          : NO_RESULTS;
        updateConfig({ vite: { plugins: [resultsPlugin(results)] } });
      },
      "astro:config:done": ({ injectTypes }) => {
        injectTypes({ filename: "siterag.d.ts", content: MODULE_TYPES });
      },
    },
  };
}
