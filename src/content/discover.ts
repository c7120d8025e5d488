import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { convertPathToPattern, globby, isIgnoredByIgnoreFiles, type GlobbyOptions } from "globby";
import { SiteragError, toError } from "../words/errors.ts";
import { withoutLeftBehind } from "./left-behind.ts";
import { chosenPaths } from "./chosen-paths.ts";

/** Where a site's files are. */
export interface ContentFiles {
  /** Absolute path. */
  readonly root: string;
  /** Globs below the root. */
  readonly include: readonly string[];
  /** Globs below the root that are left out. */
  readonly exclude: readonly string[];
  /** Whether the host built the files: then no `.gitignore` counts. */
  readonly isBuilt?: boolean;
  /** Hashes of the paths of built files that are no pages: see `content.leftBehind`. */
  readonly leftBehind?: readonly string[];
  /** The files that the host names as pages, with their addresses; without any, all files may be pages. */
  readonly pages?: Readonly<Record<string, string>>;
}

/**
 * Lists the ids of the content files: paths relative to the content root, with forward slashes, in
 * byte order. Leaves out dot-files, `node_modules` and everything that `content.exclude`,
 * `.gitignore` or `.siteragignore` names. Follows links to files and folders; also lists broken
 * links, so that reading them reports the problem.
 *
 * @throws SiteragError CONTENT_ROOT_MISSING if the root is not a folder, PAGE_UNREADABLE if a folder
 *   below it cannot be read.
 */
export async function discoverFiles(content: ContentFiles): Promise<string[]> {
  await requireFolder(content);
  const named = Object.keys(content.pages ?? {});
  if (named.length > 0) return inByteOrder(await namedFiles(content, named));
  const ids =
    content.isBuilt === true
      ? withoutLeftBehind(await builtFiles(content), content.leftBehind)
      : await filesIn(content, content.include, await ignoreOptions(content));
  return inByteOrder(ids);
}

/** Of the files that a host names. It shows them, so no `.gitignore` counts. */
async function namedFiles(content: ContentFiles, ids: readonly string[]): Promise<string[]> {
  const isIgnored = await isIgnoredByIgnoreFiles(IGNORE_FILES, { cwd: content.root });
  return chosenPaths(ids, content).filter((id) => !isIgnored(join(content.root, id)));
}

/** Ids in the order of their bytes, each once. */
export const inByteOrder = (ids: readonly string[]): string[] =>
  [...new Set(ids)]
    .map((id) => ({ id, bytes: Buffer.from(id) }))
    .toSorted((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ id }) => id);

const IGNORE_FILE = ".siteragignore";
const IGNORE_FILES = `**/${IGNORE_FILE}`;

/** Few sites have an ignore file where they are built, so one walk looks for pages and for such files. */
async function builtFiles(content: ContentFiles): Promise<string[]> {
  const all = await filesIn(content, [...content.include, IGNORE_FILES]);
  if (!all.some((id) => basename(id) === IGNORE_FILE)) return all;
  return filesIn(content, content.include, { ignoreFiles: [IGNORE_FILES] });
}

async function filesIn(
  { exclude, root }: ContentFiles,
  patterns: readonly string[],
  ignoring: GlobbyOptions = {},
): Promise<string[]> {
  const entries = await globby(patterns, {
    cwd: root,
    ignore: [...exclude, "**/node_modules/**"],
    ...ignoring,
    onlyFiles: false,
    objectMode: true,
    fs: loopGuardedFileSystem,
  }).catch((cause: unknown) => {
    throw new SiteragError(
      "PAGE_UNREADABLE",
      `A folder below ${root} cannot be read (${toError(cause).message}). The index is unchanged. Make the folder readable, or name it in content.exclude.`,
      { cause },
    );
  });
  return entries
    .filter(({ dirent }) => dirent.isFile() || dirent.isSymbolicLink())
    .map(({ path }) => path.replace(/^(?:\.\/)+/, ""))
    .filter((id) => !id.startsWith("../"));
}

/** Throws CONTENT_ROOT_MISSING unless the root is a folder. */
export async function requireFolder(
  content: Pick<ContentFiles, "root" | "isBuilt">,
): Promise<void> {
  const found = await fs.promises.stat(content.root).catch((cause: unknown) => {
    throw rootMissing(content, "cannot be opened", { cause });
  });
  if (!found.isDirectory()) throw rootMissing(content, "is not a folder");
}

function rootMissing(
  { root, isBuilt }: Pick<ContentFiles, "root" | "isBuilt">,
  state: string,
  options?: ErrorOptions,
): SiteragError {
  const message =
    isBuilt === true
      ? `The built site ${root} ${state}: build the site first, or correct content.site in the configuration (or --site).`
      : `The content folder ${root} ${state}: set content.root in the configuration, or run \`siterag init\`.`;
  return new SiteragError("CONTENT_ROOT_MISSING", message, options);
}

/**
 * As in git, `.gitignore` files of parent folders apply, up to the git root. If they ignore the
 * whole content root (generated documentation), only the ignore files inside it apply: the user
 * configured this root, so it must be read.
 */
async function ignoreOptions({ root }: ContentFiles) {
  const rootUnlessIgnored = await globby(convertPathToPattern(basename(root)), {
    cwd: dirname(root),
    gitignore: true,
    // Do not walk the root's siblings: one of them may be a whole home folder.
    deep: 0,
    dot: true,
    onlyFiles: false,
    expandDirectories: false,
    suppressErrors: true,
  });
  return rootUnlessIgnored.length === 0
    ? { ignoreFiles: ["**/.gitignore", IGNORE_FILES] }
    : { gitignore: true, ignoreFiles: [IGNORE_FILES] };
}

type StatCallback = (error: NodeJS.ErrnoException | null, stats: fs.Stats) => void;

/**
 * Node's file system for a walk that follows links; a link to a folder that contains it counts as
 * broken. Otherwise one such link would repeat every page forty times, and with two of them the
 * walk would never end.
 */
const loopGuardedFileSystem: NonNullable<GlobbyOptions["fs"]> = { ...fs, stat: statOutsideLoops };

function statOutsideLoops(path: string, callback: StatCallback): void {
  fs.stat(path, (error, stats) => {
    if (error !== null || !stats.isDirectory()) return callback(error, stats);
    leadsBack(path).then(
      (isLoop) => callback(isLoop ? new Error(`${path} links to a folder above it`) : null, stats),
      (failure: Error) => callback(failure, stats),
    );
  });
}

async function leadsBack(path: string): Promise<boolean> {
  const target = await fs.promises.realpath(path);
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if ((await fs.promises.realpath(folder)) === target) return true;
  }
  return false;
}
