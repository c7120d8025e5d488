import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { slashed } from "../../words/slashed-path.ts";
import type { SiteragConfig } from "../../providers/load-config.ts";

/** Where a site keeps its Markdown, and at which addresses it shows it. */
type FoundContent = Pick<
  NonNullable<SiteragConfig["content"]>,
  "from" | "include" | "paths" | "pathStyle" | "root"
>;

/**
 * Starlight's pages are all in one folder, where it skips files whose names begin with an underscore. If the
 * folder is missing, the pages come from elsewhere.
 */
export const starlightContent = (srcDir: string): FoundContent => ({
  from: existsSync(join(srcDir, "content/docs")) ? "source" : "html",
  root: "content/docs",
  include: ["**/[^_]*.{md,mdx,markdown}"],
  pathStyle: "starlight",
});

/**
 * Astro shows a collection at addresses that a page of the site chooses: where such pages tell them, and for
 * Markdown among the pages, siterag reads the source, else what Astro builds. `root` is below `srcDir`.
 */
export function astroContent(srcDir: string): FoundContent {
  const files = filesBelow(join(srcDir, "pages"));
  const shown = shownCollections(srcDir, files);
  const hasPages = files.some((file) => MARKDOWN.test(file));
  const folders = hasPages ? [...shown, ["pages", ""] as const] : shown;
  if (folders.length === 0) return { from: "html", root: "." };
  return {
    from: "source",
    root: ".",
    include: [
      ...folders.map(([folder]) => `${folder}/**/*.{md,mdx,markdown}`),
      ...(hasPages ? NO_PAGES : []),
    ],
    paths: Object.fromEntries(folders),
    pathStyle: shown.length === 0 ? "plain" : "starlight",
  };
}

/** Astro makes no page of these. */
const NO_PAGES = ["!pages/**/_*", "!pages/**/_*/**"];

const MARKDOWN = /\.(?:md|mdx|markdown)$/iu;
const ONE_FOR_EACH = /(?:^|\/)\[[^\]/]+\]\.astro$/u;

const filesBelow = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => slashed(file))
    : [];

/** The folder of each collection that one page of the site shows, and the path that it shows it at. */
function shownCollections(
  srcDir: string,
  files: readonly string[],
): readonly (readonly [folder: string, path: string])[] {
  const shows = files
    .filter((file) => ONE_FOR_EACH.test(file))
    .flatMap((file) => {
      const path = posix.join("/", posix.dirname(file)).slice(1);
      const name = collectionOf(readFileSync(join(srcDir, "pages", file), "utf8"));
      const folder = `content/${name}`;
      const isShown = name !== null && !path.includes("[") && existsSync(join(srcDir, folder));
      return isShown ? [[folder, path] as const] : [];
    });
  return shows.filter(([folder]) => shows.filter(([other]) => other === folder).length === 1);
}

/** Leaves out drafts, as siterag does: `({ data }) => !data.draft`, `(post) => post.data.draft !== true`. */
const NO_DRAFTS =
  /\(?\s*\{?\s*\w+\s*\}?\s*\)?\s*=>\s*(?:import\.meta\.env\.PROD\s*\?\s*)?(?:!\s*(?:\w+\.)?data\.draft|(?:\w+\.)?data\.draft\s*!==?\s*true)(?:\s*:\s*true)?(?=\s*,?\s*\))/gu;

/** A second argument of `getCollection`, or a filter of its answer. */
const LEAVES_OUT = /\bgetCollection\(\s*[^\s,)]+\s*,\s*[^\s)]|\.filter\(\s*[^\s)]/u;

/**
 * The collection whose entries a page renders; null if there is none, or several, or if the page leaves
 * out more than drafts: what the site does not show must not be found.
 */
function collectionOf(page: string): string | null {
  if (!/\brender\(/u.test(page) || LEAVES_OUT.test(page.replace(NO_DRAFTS, ""))) return null;
  const names = [...page.matchAll(/\bgetCollection\(\s*(["'`])([\w-]+)\1/gu)].map(
    ([, , name]) => name,
  );
  const [name = null, ...others] = new Set(names);
  return others.length === 0 ? name : null;
}
