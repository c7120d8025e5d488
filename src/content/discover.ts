import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { convertPathToPattern, globby } from "globby";
import { SiteragError } from "../words/errors.ts";
import type { ContentFiles } from "./content-options.ts";
import { loopGuardedFileSystem } from "./link-loops.ts";

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
  const options = await ignoreOptions(content.root);
  const entries = await globby(content.include, {
    cwd: content.root,
    ignore: [...content.exclude, "**/node_modules/**"],
    ...options,
    onlyFiles: false,
    objectMode: true,
    fs: loopGuardedFileSystem,
  }).catch((cause: unknown) => {
    throw folderUnreadable(content.root, cause);
  });
  return entries
    .filter(({ dirent }) => dirent.isFile() || dirent.isSymbolicLink())
    .map(({ path }) => path.replace(/^(?:\.\/)+/, ""))
    .filter((id) => !id.startsWith("../"))
    .map((id) => ({ id, bytes: Buffer.from(id) }))
    .toSorted((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ id }) => id);
}

function folderUnreadable(root: string, cause: unknown): SiteragError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SiteragError(
    "PAGE_UNREADABLE",
    `A folder below ${root} cannot be read (${why}). The index is unchanged. Make the folder readable, or name it in content.exclude.`,
    { cause },
  );
}

/** Throws CONTENT_ROOT_MISSING unless the root is a folder. */
export async function requireFolder(root: string): Promise<void> {
  const found = await stat(root).catch((cause: unknown) => {
    throw rootMissing(root, "cannot be opened", { cause });
  });
  if (!found.isDirectory()) throw rootMissing(root, "is not a folder");
}

function rootMissing(root: string, state: string, options?: ErrorOptions): SiteragError {
  const advice = "set content.root in the configuration, or run `siterag init`";
  return new SiteragError(
    "CONTENT_ROOT_MISSING",
    `The content folder ${root} ${state}: ${advice}.`,
    options,
  );
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
