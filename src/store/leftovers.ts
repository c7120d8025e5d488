import { glob, rm } from "node:fs/promises";
import { join } from "node:path";
import { TRIAL_NAME } from "./trial-write.ts";

/**
 * Deletes the unfinished files of killed processes from a store in a folder. LanceDB never deletes
 * them; they can be large, and may hold text. Call it only under the writer's lock.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  for await (const name of glob("*.lance/**/.tmp*", { cwd: folder })) {
    await rm(join(folder, name), { force: true });
  }
  await rm(join(folder, TRIAL_NAME), { force: true }).catch(() => undefined);
}
