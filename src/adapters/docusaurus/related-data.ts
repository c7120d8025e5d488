import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { nameOf } from "../page-name.ts";
import type { SiteResults } from "../site-results.ts";
import { relatedFile } from "./related-file.ts";
import type { SiteContent } from "./site-content.ts";

/**
 * Writes the links of all pages, for the loader that adds them to the pages, and removes those of other pages.
 * Writes only what has changed: in a dev server the pages are made anew then. Leaves out links to pages that
 * Docusaurus does not make: the results may be older, and Docusaurus refuses to build a page with a broken link.
 * @param folder where they are, each page's in a file of its own
 */
export async function writeRelated(
  folder: string,
  { pages, related }: Pick<SiteResults, "pages" | "related">,
  { linkable }: Pick<SiteContent, "linkable">,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const others = new Set(await readdir(folder));
  const names = new Set(linkable.map(nameOf));
  for (const { related: near, url: address } of pages) {
    const links = near
      .filter(({ url }) => names.has(nameOf(url)))
      .slice(0, related)
      .map(({ title, url }) => ({ title, url }));
    const file = relatedFile(folder, address);
    others.delete(basename(file));
    const text = JSON.stringify(links);
    if ((await readFile(file, "utf8").catch(() => null)) !== text) await writeFile(file, text);
  }
  await Promise.all([...others].map((name) => rm(join(folder, name), { force: true })));
}
