import { resolve } from "node:path";
import { packageFolder } from "../config/config-file.ts";
import { isOff, type Environment } from "../config/environment.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import { loadConfig, type SiteragConfig } from "../providers/load-config.ts";
import type { Logger } from "../words/types.ts";
import { waitTeller } from "../words/wait-teller.ts";

/** A site as its host sees it. */
export interface HostSite {
  /** Name of the host, for messages and for `.siterag/options.json`. */
  readonly host: string;
  /** Folder of the host's configuration, absolute. */
  readonly root: string;
  /** Options of the plugin, as in the configuration file. They win over the file. */
  readonly options: SiteragConfig;
  /** What the host's own configuration says; the file and the options win. Paths are relative to `root`. */
  readonly found: SiteragConfig;
  readonly logger: Logger;
  readonly environment: Environment;
  /**
   * Of a site that its host builds in parts, one after the other: the name of this one, such as a language. Each
   * has an index of its own, so that the build of one leaves the others alone. Without a name: the main part.
   */
  readonly part?: string | undefined;
}

/**
 * The configuration of a site, from all that says something about it; null: siterag is off. Throws what
 * `loadConfig` throws.
 */
export async function loadSite(site: HostSite): Promise<LoadedConfig | null> {
  if (isOff(site.environment)) return null;
  const loaded = await loadConfig({
    cwd: site.root,
    directory: packageFolder(site.root),
    beneath: withPaths(site.found, (path) => resolve(site.root, path)),
    host: site.host,
    overrides: site.options,
    environment: site.environment,
    tell: waitTeller(site.logger),
  });
  if (site.part === undefined) return loaded;
  const { store, ...others } = loaded.config;
  return { ...loaded, config: { ...others, store: ofPart(store, site.part) } };
}

/** The index of the main part beside that of a part. */
export const mainIndex = (index: string, part: string): string =>
  index.slice(0, -(part.length + 1));

const ofPart = (store: ResolvedConfig["store"], part: string): ResolvedConfig["store"] => ({
  ...store,
  index: `${store.index}_${part}`,
});

/** What a host says of its site, with other paths. */
export function withPaths(found: SiteragConfig, change: (path: string) => string): SiteragConfig {
  const { content = {} } = found;
  const paths = Object.entries({ root: content.root, site: content.site }).map(([key, path]) => [
    key,
    typeof path === "string" ? change(path) : path,
  ]);
  return { ...found, content: { ...content, ...Object.fromEntries(paths) } };
}
