import { optionProblems, type SiteragConfig } from "../../providers/load-config.ts";
import { themeSettings } from "./context.ts";

/** Options of the plugin, with the name that tells instances of a plugin apart. */
export type PluginOptions = SiteragConfig & { readonly id?: string };

/** Checks the options of the plugin. Throws every problem on a line of its own. */
export function validateOptions({
  options = {},
}: {
  readonly options?: PluginOptions;
}): PluginOptions & { readonly id: string } {
  const { id = "default", ...own } = options;
  refuse(optionProblems(own, "options of siterag/docusaurus"));
  return { ...options, id };
}

/** Checks `themeConfig.siterag`, and fills in what is left out. */
export function validateThemeConfig({
  themeConfig,
}: {
  readonly themeConfig: Readonly<Record<string, unknown>>;
}): Record<string, unknown> {
  return { ...themeConfig, siterag: themeSettings(themeConfig) };
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
