import { relative, resolve } from "node:path";
import { cosmiconfig, defaultLoaders, type Loader } from "cosmiconfig";
import { SiteragError } from "../words/errors.ts";
import { withOwnPackage } from "./own-package.ts";
import { isRecord } from "../words/is-record.ts";

const SCRIPTS = ["ts", "mts", "js", "mjs"];

/** Where siterag looks for a configuration in a folder, in this order. */
export const SEARCH_PLACES: readonly string[] = [
  ...[...SCRIPTS, "json"].map((extension) => `siterag.config.${extension}`),
  ".siteragrc",
  ...["json", "yaml", "yml", ...SCRIPTS].map((extension) => `.siteragrc.${extension}`),
  // Counts only when it has the key `siterag`.
  "package.json",
];

/** Path as a person in `cwd` would write it: relative when below it, else absolute. */
export function displayPath(cwd: string, path: string): string {
  const below = relative(cwd, path);
  return below === "" || below.startsWith("..") ? path : below;
}

/**
 * Reads the named file, or the first one found: in `cwd`, then in the folders above it up to the
 * one that has a `package.json`. The first found is the only one that counts. Its path is absolute,
 * its keys are unchecked. Null when there is none. Throws CONFIG_UNREADABLE for a file that is missing, does not parse, throws, or holds
 * something other than an object.
 */
export async function readConfigFile(cwd: string, file?: string) {
  const explorer = cosmiconfig("siterag", {
    searchPlaces: [...SEARCH_PLACES],
    searchStrategy: "project",
    ignoreEmptySearchPlaces: false,
    cache: false,
    loaders: loadersFor(cwd),
  });
  const named = file === undefined ? null : resolve(cwd, file);
  const found = await withOwnPackage(() =>
    named === null ? explorer.search(cwd) : explorer.load(named),
  ).catch((error: unknown) => {
    throw error instanceof SiteragError ? error : unreadable(cwd, named ?? cwd, error);
  });
  if (found === null && named === null) return null;
  const path = found?.filepath ?? named ?? cwd;
  const values: unknown = found?.config;
  if (isRecord(values)) return { path, values };
  const fault = values === undefined || values === null ? EMPTY : NOT_AN_OBJECT;
  throw new SiteragError("CONFIG_UNREADABLE", `${displayPath(cwd, path)}: ${fault}`);
}

const EMPTY =
  "holds no configuration; a script needs a default export, package.json the key `siterag`";
const NOT_AN_OBJECT = "must hold one object of settings, for example { content: { root: 'docs' } }";

/** The loaders by extension. Unwrapped, a script that fails with ENOENT would pass for a missing file. */
function loadersFor(cwd: string): Record<string, Loader> {
  const wrap =
    (load: Loader): Loader =>
    async (path, content) => {
      try {
        return readAll(await finished(load(path, content)));
      } catch (error) {
        throw unreadable(cwd, path, error);
      }
    };
  const entries = Object.entries<Loader>(defaultLoaders);
  return Object.fromEntries(entries.map(([extension, load]) => [extension, wrap(load)]));
}

/** Reads every setting once, here, where a getter that throws is a fault of the file. */
const readAll = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(readAll);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readAll(inner)]));
};

/** Longest time for loading a configuration. */
const LOADING_MS = 30_000;

/** A script may wait for ever. It fails when Node has nothing else left to do, and after 30 s. */
async function finished<Value>(loading: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const giveUp = (): void => late.reject(new Error(ENDLESS));
  const timer = setTimeout(giveUp, LOADING_MS).unref();
  process.once("beforeExit", giveUp);
  try {
    return await Promise.race([loading, late.promise]);
  } finally {
    clearTimeout(timer);
    process.off("beforeExit", giveUp);
  }
}

const ENDLESS = "it does not finish; an `await` in it waits for something that does not come";

function unreadable(cwd: string, path: string, error: unknown): SiteragError {
  const message = `${displayPath(cwd, path)} cannot be read: ${reason(path, error)}`;
  return new SiteragError("CONFIG_UNREADABLE", message, { cause: error });
}

const PLAIN_REASONS: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["EISDIR", "it is a folder; name a file"],
  ["EACCES", "no permission to read it"],
]);

/** The first line that says something, with the line of the source for a syntax error. */
function reason(path: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isFileItself = "code" in error && (!("path" in error) || error.path === path);
  const plain = isFileItself ? PLAIN_REASONS.get(error.code) : undefined;
  if (plain !== undefined) return plain;
  const lines = error.message.split("\n").map((line) => line.trim());
  const told = lines.find((line) => line !== "" && !/^(JSON|YAML) Error in /.test(line));
  const sourceLine = error instanceof SyntaxError ? /^\S+:(\d+)\n/.exec(error.stack ?? "") : null;
  return `${told ?? error.name}${sourceLine === null ? "" : ` (line ${sourceLine[1]})`}`;
}
