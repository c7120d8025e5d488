import type { SiteragConfig } from "../../providers/load-config.ts";
import { resultsPlugin } from "../results-module.ts";
import { NO_RESULTS } from "../site-results.ts";
import type { ModulePlugin } from "../virtual-module.ts";
import { devServerPlugin, type DevServer, type DevServerPlugin } from "../vite-dev.ts";
import { joinSite, type JoinedSite } from "./join-site.ts";
import { searchPagePlugin, type SearchPagePlugin } from "./search-page.ts";
import { COMPONENTS, factsModule, NO_FACTS, themePlugin, type ThemePlugin } from "./theme.ts";

/** The part of a Vite plugin with which siterag takes part in VitePress's work. */
export interface SitePlugin {
  readonly name: string;
  readonly config: (
    config: { readonly build?: object | undefined },
    env: { readonly command: "build" | "serve" },
  ) => Promise<object>;
  readonly configureServer: (server: DevServer) => void;
}

/**
 * A Vite plugin for `vite.plugins` of VitePress's configuration: indexes the site when it is built, and puts
 * the search box and the related pages into the default theme. `options` win over the configuration file.
 */
export default function siterag(
  options: SiteragConfig = {},
): (SitePlugin | ThemePlugin | SearchPagePlugin | ModulePlugin)[] {
  let joining: Promise<JoinedSite> | null = null;
  let joined: JoinedSite | null = null;
  // One, also when VitePress starts its server again.
  let serving: DevServerPlugin | null = null;
  return [
    {
      name: "siterag:vitepress",
      async config(config, { command }) {
        // VitePress bundles for browsers and for the server: both are one build.
        joining ??= joinSite(config, options, command === "serve");
        joined = await joining;
        return viteConfig(joined, config.build);
      },
      configureServer(server) {
        if (joined?.dev) serving ??= devServerPlugin(joined.dev, joined.base);
        serving?.configureServer(server);
      },
    },
    themePlugin(() => ({
      search: joined?.hasSearch ?? false,
      related: (joined?.facts.related ?? 0) > 0,
    })),
    searchPagePlugin(() => joined?.searchPage ?? null),
    factsModule(() => joined?.facts ?? NO_FACTS),
    resultsPlugin(() => joined?.results() ?? NO_RESULTS),
  ];
}

/** Vite treats the components as a part of the site, and bundles the search page as one of its pages. */
function viteConfig({ searchPage }: JoinedSite, build: object = {}): object {
  const rolldown = "rolldownOptions" in build ? "rolldownOptions" : "rollupOptions";
  const input = searchPage === null ? {} : { [searchPage.name]: searchPage.file };
  return {
    ssr: { noExternal: ["siterag"] },
    optimizeDeps: { exclude: ["siterag"] },
    server: { fs: { allow: [COMPONENTS] } },
    build: { [rolldown]: { input } },
  };
}
