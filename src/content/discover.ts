import * as fs from "node:fs";
import { basename, dirname } from "node:path";
import { convertPathToPattern, globby, type GlobbyOptions } from "globby";
import { SiteragError, toError } from "../words/errors.ts";

/** Where a site's files are. */
export interface ContentFiles {
  /** Absolute path. */
  readonly root: string;
  /** Globs below the root. */
  readonly include: readonly string[];
  /** Globs below the root that are left out. */
  readonly exclude: readonly string[];
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
  await requireFolder(content.root);
  const entries = await globby(content.include, {
    cwd: content.root,
    ignore: [...content.exclude, "**/node_modules/**"],
    ...(await ignoreOptions(content.root)),
    onlyFiles: false,
    objectMode: true,
    fs: loopGuardedFileSystem,
  }).catch((cause: unknown) => {
    throw new SiteragError(
      "PAGE_UNREADABLE",
      `A folder below ${content.root} cannot be read (${toError(cause).message}). The index is unchanged. Make the folder readable, or name it in content.exclude.`,
      { cause },
    );
  });
  return entries
    .filter(({ dirent }) => dirent.isFile() || dirent.isSymbolicLink())
    .map(({ path }) => path.replace(/^(?:\.\/)+/, ""))
    .filter((id) => !id.startsWith("../"))
    .map((id) => ({ id, bytes: Buffer.from(id) }))
    .toSorted((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ id }) => id);
}

/** Throws CONTENT_ROOT_MISSING unless the root is a folder. */
export async function requireFolder(root: string): Promise<void> {
  const found = await fs.promises.stat(root).catch((cause: unknown) => {
    throw rootMissing(root, "cannot be opened", { cause });
  });
  if (!found.isDirectory()) throw rootMissing(root, "is not a folder");
}

function rootMissing(root: string, state: string, options?: ErrorOptions): SiteragError {
  const message = `The content folder ${root} ${state}: set content.root in the configuration, or run \`siterag init\`.`;
  return new SiteragError("CONTENT_ROOT_MISSING", message, options);
}

/**
 * As in git, `.gitignore` files of parent folders apply, up to the git root. If they ignore the
 * whole content root (generated documentation), only the ignore files inside it apply: the user
 * configured this root, so it must be read.
 */
async function ignoreOptions(root: string) {
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
    ? { ignoreFiles: ["**/.gitignore", "**/.siteragignore"] }
    : { gitignore: true, ignoreFiles: ["**/.siteragignore"] };
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
