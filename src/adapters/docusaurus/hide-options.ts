import { fileURLToPath } from "node:url";
import { ownFile } from "../../words/own-files.ts";
import type { DocusaurusConfig } from "./context.ts";

/** What a site may call the plugin: by its name, or as `require.resolve` does. */
const NAMES: ReadonlySet<unknown> = new Set([
  "siterag/docusaurus",
  fileURLToPath(ownFile("adapters/docusaurus/docusaurus.cjs")),
]);

/**
 * Takes the options of siterag out of the configuration, once siterag has them: Docusaurus puts the whole
 * configuration into the script that every reader loads.
 */
export function hideOptions(config: Pick<DocusaurusConfig, "plugins" | "themes">): void {
  config.plugins = config.plugins.map(withoutOptions);
  config.themes = config.themes.map(withoutOptions);
}

const withoutOptions = (plugin: unknown): unknown => {
  if (!Array.isArray(plugin)) return plugin;
  const [first]: readonly unknown[] = plugin;
  return isSiterag(first) ? [first, {}] : plugin;
};

/** Whether what a configuration names is siterag. A site may import it, too: a function. */
export const isSiterag = (plugin: unknown): boolean =>
  NAMES.has(plugin) || (typeof plugin === "function" && plugin.name === "siterag");
