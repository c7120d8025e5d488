import { posix } from "node:path";

/** What a path, as people and tools write it, can mean. */
export interface NamedPage {
  /** Ids that it can stand for, the likeliest first. */
  readonly ids: readonly string[];
  /** Whether it leads into the content root; if not, it can be an id at best. */
  readonly isBelowRoot: boolean;
}

/**
 * Reads an id or a path. A path may be absolute, or start at one of the folders given, or at any
 * folder above the content root: `docs/guide.md`, as `git diff --name-only` prints it.
 *
 * @param root Absolute path of the content root.
 * @param folders Absolute paths of folders that a relative path may start at, the likeliest first.
 *   What it means from there goes before what it means as an id.
 */
export function idsOfPath(path: string, root: string, folders: readonly string[] = []): NamedPage {
  const folder = withSlashes(root);
  const plain = posix.normalize(withSlashes(path));
  const starts = IS_ABSOLUTE.test(plain) ? [""] : folders.map(withSlashes);
  const fromStarts = starts.flatMap((start) => below(folder, posix.join(start, plain)));
  const parts = plain.split("/");
  const fromAbove = parts.flatMap((_, at) => {
    const above = parts.slice(0, at + 1).join("/");
    return folder.endsWith(`/${above}`) ? [parts.slice(at + 1).join("/")] : [];
  });
  return {
    ids: [...fromStarts, plain, ...fromAbove],
    isBelowRoot: fromStarts.length > 0 || fromAbove.length > 0,
  };
}

const IS_ABSOLUTE = /^(?:[a-z]:)?\//iu;

const withSlashes = (path: string): string => path.replaceAll("\\", "/");

const below = (folder: string, path: string): string[] =>
  path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [];
