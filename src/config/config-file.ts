import { readFileSync, statSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SILENT_WAIT_MS, timeOfDay } from "../words/amounts.ts";
import { SiteragError } from "../words/errors.ts";
import { isRecord } from "../words/is-record.ts";
import { isOutside, wayFrom, type PathRules } from "../words/slashed-path.ts";
import { withOwnPackage } from "./own-package.ts";

const SCRIPTS = ["ts", "mts", "cts", "js", "mjs", "cjs"];

/** Counts only when it has the key `siterag`. */
const PACKAGE = "package.json";

/** Where siterag looks for a configuration in a folder, in this order. */
export const SEARCH_PLACES: readonly string[] = [
  ...[...SCRIPTS, "json"].map((extension) => `siterag.config.${extension}`),
  ".siteragrc",
  ...["json", "yaml", "yml", ...SCRIPTS].map((extension) => `.siteragrc.${extension}`),
  PACKAGE,
];

/** Names that a person may give a configuration, but that siterag does not look for. */
const NEARLY = /^(?:siterag\.config|\.siteragrc)\.(?:json[5c]|toml|ya?ml|[jt]sx)$/u;

/** Path as a person in `cwd` would write it: relative when below it, with forward slashes, else absolute. */
export function displayPath(cwd: string, path: string, rules?: PathRules): string {
  const below = wayFrom(cwd, path, rules);
  return below === "." || isOutside(cwd, path, rules) ? path : below;
}

/**
 * Reads the named file, or the first one found: in `cwd`, then in the folders above it up to the
 * one that has a `package.json`. The first found is the only one that counts. Its path is absolute,
 * its keys are unchecked. Null when there is none. Throws CONFIG_UNREADABLE for a file that is
 * missing, does not parse, throws, or holds something other than an object, and for a file that is
 * named like a configuration but is none. `tell` is told of a file that takes longer than two seconds.
 */
export async function readConfigFile(cwd: string, file?: string, tell?: (line: string) => void) {
  const path = file === undefined ? await findFile(cwd) : resolve(cwd, file);
  if (path === null) return null;
  const sayWaiting = (until: string): void =>
    tell?.(`Waiting until ${until} at the latest for ${displayPath(cwd, path)} to load.`);
  const values = await finished(read(path), sayWaiting)
    .then(readAll)
    .catch((error: unknown) => {
      throw unreadable(cwd, path, error);
    });
  if (isRecord(values)) return { path, values };
  const fault = values === undefined || values === null ? EMPTY : NOT_AN_OBJECT;
  throw new SiteragError("CONFIG_UNREADABLE", `${displayPath(cwd, path)}: ${fault}`);
}

const EMPTY =
  "holds no configuration; a script needs a default export, package.json the key `siterag`";
const NOT_AN_OBJECT = "must hold one object of settings, for example { content: { root: 'docs' } }";

/** The folders that are searched: `cwd` and those above it, up to the one that has a `package.json`. */
export function* searchedFolders(cwd: string): Generator<string> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    yield folder;
    if (hasFile(folder, PACKAGE) || dirname(folder) === folder) return;
  }
}

const hasFile = (folder: string, name: string): boolean =>
  statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true;

/** The nearest folder from `cwd` upwards that has a `package.json`; without one, `cwd` itself. */
export function packageFolder(cwd: string): string {
  const last = [...searchedFolders(cwd)].at(-1) ?? cwd;
  return hasFile(last, PACKAGE) ? last : resolve(cwd);
}

async function findFile(cwd: string): Promise<string | null> {
  for (const folder of searchedFolders(cwd)) {
    for (const name of SEARCH_PLACES.filter((place) => hasFile(folder, place))) {
      const path = join(folder, name);
      if (name !== PACKAGE || (await holdsKey(cwd, path))) return path;
    }
    const names = await readdir(folder).catch(() => []);
    const nearly = names.find((name) => NEARLY.test(name) && !SEARCH_PLACES.includes(name));
    if (nearly !== undefined) throw notRead(displayPath(cwd, join(folder, nearly)));
  }
  return null;
}

/** Whether a package file has the key `siterag`. One that is broken and may have it is refused. */
async function holdsKey(cwd: string, path: string): Promise<boolean> {
  try {
    const text = readText(path);
    return text.includes('"siterag"') && packageKey(JSON.parse(text)) !== undefined;
  } catch (error) {
    throw unreadable(cwd, path, error);
  }
}

const packageKey = (values: unknown): unknown => (isRecord(values) ? values["siterag"] : undefined);

/** Decodes UTF-8 and drops a BOM. */
const readText = (path: string): string => new TextDecoder().decode(readFileSync(path));

async function read(path: string): Promise<unknown> {
  const extension = extname(path);
  if (SCRIPTS.includes(extension.slice(1))) return importDefault(path);
  const text = readText(path);
  if (extension !== ".json") return (await import("yaml")).parse(text);
  const values: unknown = JSON.parse(text);
  return basename(path) === PACKAGE ? packageKey(values) : values;
}

async function importDefault(path: string): Promise<unknown> {
  const { href } = pathToFileURL(await realpath(path));
  const module: { readonly default?: unknown } = await withOwnPackage(() => import(href));
  return module.default;
}

const notRead = (name: string): SiteragError =>
  new SiteragError(
    "CONFIG_UNREADABLE",
    `${name} is not read: siterag reads no configuration of this name. Call it siterag.config.json, .siteragrc.yaml or siterag.config.ts and write it in that format.`,
  );

/** Reads every setting once, here, where a getter that throws is a fault of the file. */
const readAll = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(readAll);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readAll(inner)]));
};

/** Longest time for loading a configuration. */
const LOADING_MS = 30_000;

/**
 * A script may never finish. It fails when Node has nothing else left to do, and after 30 s. After two
 * seconds, `sayWaiting` is told until when.
 */
async function finished<Value>(
  loading: Promise<Value>,
  sayWaiting: (until: string) => void,
): Promise<Value> {
  const until = timeOfDay(Date.now() + LOADING_MS);
  const silence = setTimeout(() => sayWaiting(until), SILENT_WAIT_MS).unref();
  const late = Promise.withResolvers<never>();
  const giveUp = (): void => late.reject(new Error(ENDLESS));
  const timer = setTimeout(giveUp, LOADING_MS).unref();
  process.once("beforeExit", giveUp);
  try {
    return await Promise.race([loading, late.promise]);
  } finally {
    clearTimeout(silence);
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

/** What CommonJS says of `import` and `export`. */
const NO_MODULE = /Cannot use import statement outside a module|Unexpected token 'export'/u;

/** The first line that says something, with the line of the source for a syntax error. */
function reason(path: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isFileItself = "code" in error && (!("path" in error) || error.path === path);
  const plain = isFileItself ? PLAIN_REASONS.get(error.code) : undefined;
  if (plain !== undefined) return plain;
  const lines = error.message.split("\n").map((line) => line.trim());
  const told = lines.find((line) => line !== "")?.replace(/:$/u, "") ?? error.name;
  const sourceLine = error instanceof SyntaxError ? /^\S+:(\d+)\n/.exec(error.stack ?? "") : null;
  const place = sourceLine === null ? "" : ` (line ${sourceLine[1]})`;
  const advice = NO_MODULE.test(told)
    ? ". It is a CommonJS file: write `module.exports = { … }`, or end its name in .mts or .mjs"
    : "";
  return `${told}${place}${advice}`;
}
