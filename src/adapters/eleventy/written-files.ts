import { isOutside, wayFrom } from "../../words/slashed-path.ts";
import type { BuiltPage } from "./config.ts";

const HTML = /\.html?$/iu;

/** The pages below a folder that a build has written as HTML, as paths below it. */
export const pagesBelow = (outDir: string, results: readonly BuiltPage[]): readonly string[] =>
  results
    .map(({ outputPath }) => outputPath || "")
    .filter((path) => HTML.test(path) && !isOutside(outDir, path))
    .map((path) => wayFrom(outDir, path));
