import { stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
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
