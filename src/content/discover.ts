import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { convertPathToPattern, globby } from "globby";
import { SiteragError } from "../words/errors.ts";
import type { ContentFiles } from "./content-options.ts";
import { loopGuardedFileSystem } from "./link-loops.ts";

/**
 * Ids of the content files: paths relative to the content root, with forward slashes, in byte
 * order. Dot-files and `node_modules` are left out, and so is what `content.exclude`, `.gitignore`
 * or `.siteragignore` names. Links to files and folders are followed; a link that leads nowhere is
 * listed, so that reading it can say so.
 *
 * @throws SiteragError CONTENT_ROOT_MISSING when the root is not a folder.
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
    `A folder below ${root} cannot be read (${why}). Nothing was changed; allow reading it, or name it in content.exclude.`,
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
 * `.gitignore` files of parent folders count up to the git root, as in git. But where they ignore
 * the whole content root (generated documentation), the user has named it all the same, so only
 * ignore files inside it count.
 */
async function ignoreOptions(root: string) {
  const asSeenFromAbove = await globby(convertPathToPattern(basename(root)), {
    cwd: dirname(root),
    gitignore: true,
    // The ignore files beside the root and above it: what lies below its siblings may be a whole home.
    deep: 0,
    dot: true,
    onlyFiles: false,
    expandDirectories: false,
    suppressErrors: true,
  });
  return asSeenFromAbove.length === 0
    ? { ignoreFiles: ["**/.gitignore", "**/.siteragignore"] }
    : { gitignore: true, ignoreFiles: ["**/.siteragignore"] };
}
