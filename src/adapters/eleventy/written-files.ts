import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { globby } from "globby";
import type { BuiltPage } from "./config.ts";

const HTML = /\.html?$/iu;

/** The pages below a folder that a build has written as HTML, as paths below it. */
export const pagesBelow = (outDir: string, results: readonly BuiltPage[]): readonly string[] =>
  results
    .flatMap(({ outputPath }) =>
      outputPath === false ? [] : [relative(outDir, resolve(outputPath)).replaceAll("\\", "/")],
    )
    .filter((path) => HTML.test(path) && !path.startsWith("../"));

/** Whether a build has written what it says: a dry run says the same, and writes nothing. */
export async function isWritten(
  outDir: string,
  [first]: readonly string[],
  beganAt: number,
): Promise<boolean> {
  if (first === undefined) return true;
  const { mtimeMs } = await stat(join(outDir, first)).catch(() => ({ mtimeMs: 0 }));
  // Some disks know no parts of seconds.
  return mtimeMs >= Math.floor(beganAt / 1000) * 1000;
}

/**
 * The HTML in the folder of the built site that neither a template has made nor was copied there: Eleventy leaves
 * what builds before have written.
 * @param copied input paths by the addresses that they are copied to
 */
export async function leftBehind(
  outDir: string,
  pages: readonly string[],
  copied: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const written = new Set(pages);
  const places = Object.entries(copied);
  const isCopy = (path: string): boolean =>
    places.some(([address, input]) => {
      const place = address.replaceAll(/^\/+|\/+$/gu, "");
      const isBelow = place === "" || path === place || path.startsWith(`${place}/`);
      return isBelow && existsSync(join(input, path.slice(place.length)));
    });
  const all = await globby("**/*.{html,htm}", { cwd: outDir, dot: false });
  return all.filter((path) => !written.has(path) && !isCopy(path));
}
