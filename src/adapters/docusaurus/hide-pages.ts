import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { marked } from "../hidden-mark.ts";
import type { DocusaurusContext } from "./context.ts";
import type { SiteContent } from "./site-content.ts";

/** Marks the HTML of pages that belong in no index: siterag may read that instead of their Markdown. */
export async function hidePages(
  { hidden }: Pick<SiteContent, "hidden">,
  site: Pick<DocusaurusContext, "baseUrl" | "siteConfig">,
  outDir: string,
): Promise<void> {
  await Promise.all(
    hidden.map(async (permalink) => {
      const file = join(outDir, builtFile(permalink, site));
      const html = await readFile(file, "utf8").catch(() => null);
      if (html !== null) await writeFile(file, marked(html));
    }),
  );
}

/** Where Docusaurus writes a page, below its output folder. */
function builtFile(
  permalink: string,
  { baseUrl, siteConfig }: Pick<DocusaurusContext, "baseUrl" | "siteConfig">,
): string {
  const { pathname } = new URL(permalink, "http://site");
  const path = decodeURI(pathname).slice(baseUrl.length);
  if (/\.html?$/iu.test(path)) return path;
  const isFile = siteConfig.trailingSlash === false && path !== "" && !path.endsWith("/");
  return isFile ? `${path}.html` : join(path, "index.html");
}
