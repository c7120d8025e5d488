import { dirname, resolve } from "node:path";
import { SiteragError } from "../words/errors.ts";
import { isRecord } from "../words/is-record.ts";
import { displayPath, readConfigFile } from "./config-file.ts";
import { readAccess, readEnvironment, type Environment } from "./environment.ts";
import { describeProblems, valueAt } from "./problems.ts";
import { createConfigSchema, keysOf, type ProviderTable } from "./provider-keys.ts";
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
  /** Folder that relative paths start from: the file's, or `cwd` without a file. */
  readonly directory: string;
}

/** What a configuration is made from. */
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
  /** Is told if the file takes longer than two seconds. */
  readonly tell?: (line: string) => void;
}

/** Loads a configuration, whoever the providers are: `providers/load-config.ts` says more. */
export async function loadConfig(
  providers: ProviderTable,
  options: LoadOptions,
): Promise<LoadedConfig> {
  const { cwd, beneath = {}, overrides = {}, flags = {}, environment: variables = {} } = options;
  const environment = readEnvironment(variables);
  const found = await readConfigFile(cwd, options.file, options.tell);
  const layers = [found?.values ?? {}, { ...overrides }, environment];
  const below = layers.reduce(mergeSettings, { ...beneath });
  const given = mergeSettings(withoutOtherProvider(below, flags, providers), { ...flags });
  const checked = createConfigSchema(providers).safeParse(given);
  if (!checked.success) {
    const problems = describeProblems(checked.error.issues, {
      file: found && displayPath(cwd, found.path),
      given,
      overrides: mergeSettings({ ...overrides }, { ...flags }),
      environment,
      keys: keysOf(providers, valueAt(given, ["embedding", "provider"])),
    });
    throw new SiteragError("CONFIG_INVALID", problems.join("\n"), { cause: checked.error });
  }
  const directory = found === null ? resolve(cwd) : dirname(found.path);
  const config = { ...withAbsolutePaths(checked.data, directory), access: readAccess(variables) };
  return { config, file: found?.path ?? null, directory };
}

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

type Settings = Readonly<Record<string, unknown>>;

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

/**
 * Lays `over` on `under`, section by section and key by key; a list replaces a list. An undefined
 * value sets nothing. What is no section is left for the schema to refuse.
 */
function mergeSettings(under: Settings, over: Settings): Settings {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, section] of Object.entries(over)) {
    if (section === undefined) continue;
    const below = merged[name];
    merged[name] = isRecord(section) ? laid(isRecord(below) ? below : {}, section) : section;
  }
  return merged;
}

function laid(under: Settings, over: Settings): Settings {
  const set = Object.entries(over).filter(([, value]) => value !== undefined);
  return { ...under, ...Object.fromEntries(set) };
}
