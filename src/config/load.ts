import { dirname, join, resolve } from "node:path";
import { SiteragError } from "../words/errors.ts";
import { displayPath, readConfigFile, searchedFolders } from "./config-file.ts";
import { readAccess, readEnvironment, type Environment } from "./environment.ts";
import { HOST_OPTIONS_FILE, readHostOptions } from "./host-options.ts";
import { mergeSettings, type Settings } from "./merge-settings.ts";
import { describeProblems, valueAt, type Layer } from "./problems.ts";
import { checkConfig, keysOf, type ProviderTable } from "./provider-keys.ts";
import type { ResolvedConfig, SiteragConfig } from "./schema.ts";

/** A configuration, checked and complete. */
export interface LoadedConfig {
  /**
   * `content.root`, `content.site`, `search.questions`, `embedding.localModelPath` and a local `store.uri`
   * are absolute.
   */
  readonly config: ResolvedConfig;
  /** Absolute path of the file it came from; null when there is none and the defaults hold. */
  readonly file: string | null;
  /**
   * Folder that relative paths start from: the file's; without a file, the one whose `.siterag` has the
   * options of a host's build, or else `cwd`.
   */
  readonly directory: string;
}

/**
 * What a configuration is made from. If neither `overrides` nor `beneath` is given, those of the last build
 * by a host count: `.siterag/options.json` has them.
 */
export interface LoadOptions {
  readonly cwd: string;
  readonly file?: string;
  readonly overrides?: SiteragConfig;
  /** What a host's own configuration says; the file and everything else win over it. */
  readonly beneath?: SiteragConfig;
  /** Name of that host, for messages. */
  readonly host?: string;
  /** Default: no variable is set. */
  readonly environment?: Environment;
  readonly flags?: SiteragConfig;
  /** Folder that relative paths start from if there is no file. Default: `cwd`. */
  readonly directory?: string;
  /** Is told if the file takes longer than two seconds. */
  readonly tell?: (line: string) => void;
}

/** Loads a configuration, whoever the providers are: `providers/load-config.ts` says more. */
export async function loadConfig(
  providers: ProviderTable,
  options: LoadOptions,
): Promise<LoadedConfig> {
  const { cwd, flags = {}, environment: variables = {} } = options;
  const environment = readEnvironment(variables);
  const found = await readConfigFile(cwd, options.file, options.tell);
  const file = found && { name: displayPath(cwd, found.path), values: found.values };
  const host = await hostSettings(options, found && found.path);
  const layers = [host.beneath, ...(file === null ? [] : [file]), host.overrides];
  const below = [...layers.map(({ values }) => values), environment].reduce(mergeSettings, {});
  const given = mergeSettings(withoutOtherProvider(below, flags, providers), { ...flags });
  const checked = checkConfig(providers, given);
  const problems = host.withheld
    .filter((key) => valueAt(given, key.split(".")) === undefined)
    .map(missing);
  if (!checked.success) {
    const source = {
      file: file && file.name,
      given,
      layers: [{ name: "options", values: { ...flags } }, ...layers.toReversed()],
      environment,
      keys: keysOf(providers, valueAt(given, ["embedding", "provider"])),
    };
    problems.push(...describeProblems(checked.error.issues, source));
  }
  if (!checked.success || problems.length > 0) {
    throw new SiteragError("CONFIG_INVALID", problems.join("\n"), { cause: checked.error });
  }
  const { directory } = host;
  const config = { ...withAbsolutePaths(checked.data, directory), access: readAccess(variables) };
  return { config, file: found && found.path, directory };
}

/** What a plugin was given, and what its host's configuration says: now, or in the last build. */
interface HostSettings {
  readonly overrides: Layer;
  readonly beneath: Layer;
  /** Keys that the last build kept out of its file. */
  readonly withheld: readonly string[];
  /** Folder that relative paths start from. */
  readonly directory: string;
}

async function hostSettings(options: LoadOptions, file: string | null): Promise<HostSettings> {
  const { beneath, cwd, host = "the site", overrides } = options;
  const directory = file === null ? resolve(options.directory ?? cwd) : dirname(file);
  const isGiven = overrides !== undefined || beneath !== undefined;
  const folders = file === null ? searchedFolders(cwd) : [dirname(file)];
  const kept = isGiven ? null : await readHostOptions(folders);
  if (kept === null) {
    return {
      overrides: { name: "options", values: { ...overrides } },
      beneath: { name: `the configuration of ${host}`, values: { ...beneath } },
      withheld: [],
      directory,
    };
  }
  const name = displayPath(cwd, join(kept.directory, HOST_OPTIONS_FILE));
  return {
    overrides: { name: `${name}, options of ${kept.host}`, values: kept.options },
    beneath: { name: `${name}, configuration of ${kept.host}`, values: kept.found },
    withheld: kept.withheld,
    directory: kept.directory,
  };
}

const missing = (key: string): string =>
  `${HOST_OPTIONS_FILE}: ${key}: the build left it out, because it holds a secret; set it in a configuration file, which can read the environment`;

function withAbsolutePaths(config: ResolvedConfig, directory: string): ResolvedConfig {
  const { content, embedding, store, search } = config;
  const { localModelPath } = embedding;
  return {
    ...config,
    ...(typeof localModelPath === "string"
      ? { embedding: { ...embedding, localModelPath: resolve(directory, localModelPath) } }
      : {}),
    content: {
      ...content,
      root: resolve(directory, content.root),
      site: content.site === null ? null : resolve(directory, content.site),
    },
    search: { ...search, questions: resolve(directory, search.questions) },
    store: { ...store, uri: isRemote(store.uri) ? store.uri : resolve(directory, store.uri) },
  };
}

/** Whether a store address names a service (`s3://…`, `db://…`) and no folder. */
const isRemote = (uri: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(uri);

/** Each provider has its own keys: with those of the file, a flag could never name another one. */
function withoutOtherProvider(
  settings: Settings,
  { embedding }: SiteragConfig,
  [byDefault]: ProviderTable,
): Settings {
  const before = valueAt(settings, ["embedding", "provider"]) ?? byDefault.name;
  const named = embedding?.provider ?? before;
  return named === before ? settings : { ...settings, embedding: {} };
}
