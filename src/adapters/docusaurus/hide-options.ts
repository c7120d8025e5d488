import type { DocusaurusConfig } from "./context.ts";

/** The name under which a site names the plugin. */
const NAME = "siterag/docusaurus";

/**
 * Takes the options of siterag out of the configuration, once siterag has them: Docusaurus puts the whole
 * configuration into the script that every reader loads.
 */
export function hideOptions(config: DocusaurusConfig): void {
  config.plugins = config.plugins.map(withoutOptions);
  config.themes = config.themes.map(withoutOptions);
}

const withoutOptions = (plugin: unknown): unknown => {
  if (!Array.isArray(plugin)) return plugin;
  const [first]: readonly unknown[] = plugin;
  // A site may import the plugin, too: a function, of which no script has a trace but its options.
  const isOurs = first === NAME || (typeof first === "function" && first.name === "siterag");
  return isOurs ? [first, {}] : plugin;
};
