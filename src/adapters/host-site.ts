import { resolve } from "node:path";
import type { Environment } from "../config/environment.ts";
import type { LoadedConfig } from "../config/load.ts";
import { loadConfig, type SiteragConfig } from "../providers/load-config.ts";
import type { Logger } from "../words/types.ts";
import { waitTeller } from "../words/wait-teller.ts";

/** A site as its host sees it. */
export interface HostSite {
  /** Name of the host: it stands in messages and in `.siterag/options.json`. */
  readonly host: string;
  /** Folder of the host's configuration, absolute. */
  readonly root: string;
  /** Options of the plugin, as in the configuration file. They win over the file. */
  readonly options: SiteragConfig;
  /** What the host's own configuration says; the file and the options win. Paths are relative to `root`. */
  readonly found: SiteragConfig;
  readonly logger: Logger;
  readonly environment: Environment;
}

/** The configuration of a site, from all that says something about it. Throws what `loadConfig` throws. */
export const loadSite = (site: HostSite): Promise<LoadedConfig> =>
  loadConfig({
    cwd: site.root,
    beneath: withAbsolutePaths(site.found, site.root),
    host: site.host,
    overrides: site.options,
    environment: site.environment,
    tell: waitTeller(site.logger),
  });

/** The configuration file, which other paths are relative to, may be in a folder above the host's. */
function withAbsolutePaths(found: SiteragConfig, root: string): SiteragConfig {
  const { content = {} } = found;
  const paths = { root: content.root, site: content.site };
  const absolute = Object.entries(paths).map(([key, path]) => [
    key,
    typeof path === "string" ? resolve(root, path) : path,
  ]);
  return { ...found, content: { ...content, ...Object.fromEntries(absolute) } };
}
