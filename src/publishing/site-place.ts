import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SitePlace } from "../reader/manifest.ts";

/** Pages that are looked for. The deepest tell most: an `index.html` is in many folders. */
const LOOKED_FOR = 8;

/**
 * Where a folder is in the built site whose pages have these addresses: then its readers find the pages wherever
 * that site is served. Null if no folder above has the files of the pages.
 */
export async function sitePlace(
  folder: string,
  urls: readonly string[],
): Promise<SitePlace | null> {
  const deepest = urls.toSorted((one, other) => depthOf(other) - depthOf(one));
  const lookedFor = deepest.slice(0, LOOKED_FOR);
  let root = "./";
  for (let site = folder; ; site = dirname(site)) {
    const base = await baseIn(site, lookedFor);
    if (base !== null) return { base, root };
    if (dirname(site) === site) return null;
    root = root === "./" ? "../" : `${root}../`;
  }
}

const depthOf = (url: string): number => url.split("/").length;

/** The shortest base below which a folder has the files of all addresses; null if there is none. */
async function baseIn(site: string, urls: readonly string[]): Promise<string | null> {
  const [first = ""] = urls;
  const [origin = ""] = /^(?:https?:\/\/[^/]*)?/iu.exec(first) ?? [];
  for (let end = first.indexOf("/", origin.length); end >= 0; end = first.indexOf("/", end + 1)) {
    const base = first.slice(0, end + 1);
    if (await hasPages(site, base, urls)) return base;
  }
  return null;
}

async function hasPages(site: string, base: string, urls: readonly string[]): Promise<boolean> {
  for (const url of urls) {
    if (!url.startsWith(base) || !(await hasPage(site, url.slice(base.length)))) return false;
  }
  return true;
}

/** How a page's file may end where its address ends with a slash, or with the page's name. */
const INDEX_FILES = ["index.html", "index.htm"];
const PAGE_FILES = ["", ".html", ".htm", "/index.html", "/index.htm"];

async function hasPage(site: string, path: string): Promise<boolean> {
  const name = decoded(path);
  for (const end of name === "" || name.endsWith("/") ? INDEX_FILES : PAGE_FILES) {
    const found = await stat(join(site, name + end)).catch(() => null);
    if (found?.isFile() === true) return true;
  }
  return false;
}

/** A name may have `#` or `?`, which `decodeURI` leaves encoded. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
