import { relative, resolve } from "node:path";
import type { BuiltPage } from "./config.ts";

const HTML = /\.html?$/iu;

/** The pages below a folder that a build has written as HTML, as paths below it. */
export const pagesBelow = (outDir: string, results: readonly BuiltPage[]): readonly string[] =>
  results
    .flatMap(({ outputPath }) =>
      outputPath === false ? [] : [relative(outDir, resolve(outputPath)).replaceAll("\\", "/")],
    )
    .filter((path) => HTML.test(path) && !path.startsWith("../"));
