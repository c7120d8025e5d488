import { hash } from "node:crypto";

/**
 * What `content.leftBehind` says of a file: a hash of its path below the built site. The name of a page that is
 * a draft by now must be in no file that siterag writes.
 */
export const hashOfPath = (path: string): string => hash("sha256", path);

/** The paths that are not left behind. */
export function withoutLeftBehind(
  paths: readonly string[],
  leftBehind: readonly string[] = [],
): string[] {
  const hashes = new Set(leftBehind);
  return paths.filter((path) => hashes.size === 0 || !hashes.has(hashOfPath(path)));
}
