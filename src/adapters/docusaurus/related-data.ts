import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import type { SiteResults } from "../site-results.ts";
import type { DocusaurusContext } from "./context.ts";
import { relatedFile } from "./related-file.ts";
import { SITE_ALIAS } from "./site-content.ts";

/**
 * Writes the links of all pages, for the loader that adds them to the pages, and removes those of other pages.
 * Writes only what has changed: in a dev server the pages are made anew then.
 * @param folder where they are, each page's in a file of its own
 * @param root absolute folder that the ids of pages are relative to
 */
export async function writeRelated(
  folder: string,
  { pages, related }: SiteResults,
  { root, siteDir }: { readonly root: string } & Pick<DocusaurusContext, "siteDir">,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const others = new Set(await readdir(folder));
  for (const { page, related: near } of pages) {
    const links = near.slice(0, related).map(({ title, url }) => ({ title, url }));
    const path = relative(siteDir, join(root, page)).split(sep).join("/");
    const file = relatedFile(folder, SITE_ALIAS + path);
    others.delete(basename(file));
    const text = JSON.stringify(links);
    if ((await readFile(file, "utf8").catch(() => null)) !== text) await writeFile(file, text);
  }
  await Promise.all([...others].map((name) => rm(join(folder, name), { force: true })));
}
