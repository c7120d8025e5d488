import { glob, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../words/types.ts";

/** No write of ours takes so long: an unfinished file this old is a killed process's. */
const OLD_MS = 10 * 60 * 1000;

/**
 * Removes the unfinished files of killed processes from a store in a folder: LanceDB leaves them for
 * ever, and they can be large. Only under the writer's lock.
 */
export async function removeLeftovers(folder: string, clock: Clock): Promise<void> {
  for await (const name of glob("*.lance/data/.tmp*", { cwd: folder })) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found !== null && clock.now() - found.mtimeMs > OLD_MS) await rm(file, { force: true });
  }
}
