import { posix } from "node:path";

/** The pages that a path, as people and tools write it, can mean. */
export interface NamedPage {
  /** Possible page ids, the likeliest first. */
  readonly ids: readonly string[];
  /** Whether the path leads into the content root. If not, it can only be an id. */
  readonly isBelowRoot: boolean;
}

/**
 * Interprets an id or a path. A path may be absolute, or start at one of the given folders, or at
 * any folder above the content root: `docs/guide.md`, as `git diff --name-only` prints it.
 *
 * @param root Absolute path of the content root.
 * @param folders Absolute paths of folders that a relative path may start at, the likeliest first.
 *   These meanings come before its meaning as an id.
 */
export function idsOfPath(path: string, root: string, folders: readonly string[] = []): NamedPage {
  const folder = withSlashes(root);
  const plain = withSlashes(path);
  const starts = IS_ABSOLUTE.test(plain) ? [""] : folders.map(withSlashes);
  const fromStarts = starts.flatMap((start) => below(folder, posix.join(start, plain)));
  const parts = plain.split("/");
  const fromAbove = parts.flatMap((_, index) => {
    const above = parts.slice(0, index + 1).join("/");
    return folder.endsWith(`/${above}`) ? [parts.slice(index + 1).join("/")] : [];
  });
  return {
    ids: [...fromStarts, plain, ...fromAbove],
    isBelowRoot: fromStarts.length > 0 || fromAbove.length > 0,
  };
}

const IS_ABSOLUTE = /^(?:[a-z]:)?\//iu;

/** With forward slashes, none of them twice, and the letter of a drive in one case: programs write it in both. */
const withSlashes = (path: string): string =>
  posix.normalize(path.replaceAll("\\", "/")).replace(/^[a-z]:/u, (drive) => drive.toUpperCase());

const below = (folder: string, path: string): string[] =>
  path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [];
