import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SitePlace } from "../reader/manifest.ts";

/** A page of an index: the path of its file in the built site, and its address. */
interface PlacedPage {
  readonly id: string;
  readonly url: string;
}

/** Pages that are looked for. The deepest tell most: an `index.html` is in many folders. */
const LOOKED_FOR = 8;

/**
 * Where a folder is in the built site that an index was made from: then its readers find the pages wherever
 * that site is served. Null if no folder above has the files of the pages: they were read from the source, or
 * the folder is elsewhere.
 */
export async function sitePlace(
  folder: string,
  pages: readonly PlacedPage[],
): Promise<SitePlace | null> {
  const base = pages.map(baseOf).find((one) => one !== null) ?? null;
  const deepest = pages.toSorted((one, other) => depthOf(other) - depthOf(one));
  const ids = deepest.slice(0, LOOKED_FOR).map(({ id }) => id);
  if (base === null) return null;
  let root = "./";
  for (let site = folder; ; site = dirname(site)) {
    if (await hasFiles(site, ids)) return { base, root };
    if (dirname(site) === site) return null;
    root = root === "./" ? "../" : `${root}../`;
  }
}

/** What comes before the path of a page in its address; null if the address is no path, or not of that file. */
function baseOf({ id, url }: PlacedPage): string | null {
  const [, name] = /^(.*?)(?:(?<=^|\/)index)?\.html?$/u.exec(id) ?? [];
  if (name === undefined || !url.startsWith("/")) return null;
  const path = encodeURI(name.replace(/\/$/u, ""));
  const address = path === "" ? url : url.replace(/\/$|\.html?$/u, "");
  const base = address.slice(0, address.length - path.length);
  return address.endsWith(path) && base.endsWith("/") ? base : null;
}

const depthOf = ({ id }: PlacedPage): number => id.split("/").length;

async function hasFiles(folder: string, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) {
    const found = await stat(join(folder, id)).catch(() => null);
    if (found?.isFile() !== true) return false;
  }
  return true;
}
