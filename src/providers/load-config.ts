import type { z } from "zod";
import { loadConfig as load, type LoadedConfig, type LoadOptions } from "../config/load.ts";
import { optionProblems as problemsOf } from "../config/option-problems.ts";
import { checkConfig } from "../config/provider-keys.ts";
import type { CheckedConfig, SiteragConfig as AnyConfig } from "../config/schema.ts";
import { PROVIDERS } from "./table.ts";

type Row = (typeof PROVIDERS)[number];

/** The name of each provider with its keys. */
type EmbeddingSettings = {
  readonly [Name in Row["name"]]: {
    /** The provider of the vectors. */
    readonly provider: Name;
  } & z.input<ReturnType<Extract<Row, { readonly name: Name }>["keys"]>>;
}[Row["name"]];

/** What a user may write; every key is optional. */
export type SiteragConfig = AnyConfig<EmbeddingSettings>;

/** Gives a configuration file its types: `export default defineConfig({ … })`. */
export const defineConfig = (config: SiteragConfig): SiteragConfig => config;

/** Checks a whole configuration, with the keys of all providers. For tests: the package leaves it out. */
export const configSchema = {
  /** Fills in the defaults. Throws zod's error. */
  parse(given: unknown): CheckedConfig {
    const { data, error } = checkConfig(PROVIDERS, given);
    if (error !== undefined) throw error;
    return data;
  },
};

/**
 * Finds, reads and checks the configuration. Order of precedence: `flags` of the command line, the
 * environment, `overrides` (options of a plugin), the file, `beneath` (what the host says), the defaults.
 * Without `overrides` and `beneath`, those of the last build by a host count.
 * Without `file` the first of `SEARCH_PLACES` counts, searched from `cwd` up to the nearest
 * folder with a `package.json`.
 * Throws CONFIG_UNREADABLE, or CONFIG_INVALID with every problem on a line of its own.
 */
export const loadConfig = (options: LoadOptions): Promise<LoadedConfig> => load(PROVIDERS, options);

/** What is wrong with the options of a plugin by themselves: one line each, with `name` of the options. */
export const optionProblems = (options: SiteragConfig, name: string): readonly string[] =>
  problemsOf(PROVIDERS, options, name);
