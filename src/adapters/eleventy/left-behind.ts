import { existsSync } from "node:fs";
import { join } from "node:path";
import { globby } from "globby";
import { searchedFolders } from "../../config/config-file.ts";
import { readHostOptions } from "../../config/host-options.ts";
import { hashOfPath } from "../../content/left-behind.ts";

/**
 * Hashes of the paths of the HTML in the folder of the built site that this build has neither made nor copied:
 * Eleventy leaves there what earlier builds have written.
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
  const all = await globby("**/*.{html,htm}", { cwd: outDir });
  return all.filter((path) => !written.has(path) && !isCopy(path)).map(hashOfPath);
}

/** What the build before has said of them: an incremental build does not know. */
export async function leftBehindBefore(root: string): Promise<readonly string[]> {
  const options = await readHostOptions(searchedFolders(root)).catch(() => null);
  const hashes: unknown = options?.found["content"]?.["leftBehind"];
  return Array.isArray(hashes) ? hashes.filter((hash) => typeof hash === "string") : [];
}
