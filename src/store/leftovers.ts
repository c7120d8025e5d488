import { glob, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../words/types.ts";

/** No write takes this long: an unfinished file this old belongs to a killed process. */
const OLD_MS = 10 * 60 * 1000;

/**
 * Deletes the unfinished files of killed processes from a store in a folder. LanceDB never deletes
 * them, and they can be large. Call it only under the writer's lock.
 */
export async function removeLeftovers(folder: string, clock: Clock): Promise<void> {
  for await (const name of glob("*.lance/data/.tmp*", { cwd: folder })) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found !== null && clock.now() - found.mtimeMs > OLD_MS) await rm(file, { force: true });
  }
}
