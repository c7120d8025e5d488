import * as system from "node:path";

/** What the paths of an operating system are like: `path.win32` in tests of Windows. */
export type PathRules = Pick<typeof system.posix, "isAbsolute" | "relative" | "resolve" | "sep">;

/** A path with forward slashes: on every system the same in URLs, stores, option files and messages. */
export const slashed = (path: string, { sep }: Pick<PathRules, "sep"> = system): string =>
  sep === "/" ? path : path.replaceAll(sep, "/");

/** The way from a folder to a file or folder, with forward slashes; "." from a folder to itself. */
export const wayFrom = (folder: string, path: string, rules: PathRules = system): string =>
  slashed(rules.relative(folder, path), rules) || ".";

/** Whether a path is not below a folder: on Windows, it may be on another drive. */
export function isOutside(folder: string, path: string, rules: PathRules = system): boolean {
  const way = wayFrom(folder, path, rules);
  return way === ".." || way.startsWith("../") || rules.isAbsolute(way);
}
