import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { variable, type CliWorld } from "./world.ts";

/**
 * glibc keeps memory that was freed: for each thread apart, and the more of it the larger the blocks that LanceDB frees.
 * At 20,000 pages, these settings (in bytes), which it reads while a process starts, save about 100 MB.
 */
const MALLOC = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "1048576",
  MALLOC_TRIM_THRESHOLD_: "1048576",
};

/** From so many files on, the memory is worth another start. */
export const MANY_FILES = 5000;

/** If a folder has many files: starts this program again with settings of memory that the user has not made. */
export async function startAgainIfLarge(world: CliWorld, folder: string): Promise<void> {
  const missing = Object.entries(MALLOC).filter(([name]) => variable(world, name) === undefined);
  if (world.startAgain === undefined || missing.length === 0) return;
  const isLarge = await hasManyFiles(folder);
  // The next start would not know that the user wants to stop.
  if (isLarge && !world.signal.aborted) world.startAgain(Object.fromEntries(missing));
}

/** Whether there are many files, of whatever kind, in a folder and below it; what `content` never includes aside. */
async function hasManyFiles(root: string): Promise<boolean> {
  const folders = [root];
  let files = 0;
  for (const folder of folders) {
    // A folder that cannot be read is reported by the run.
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (!entry.isDirectory()) files += 1;
      else if (!/^(?:\.|node_modules$)/u.test(entry.name)) folders.push(join(folder, entry.name));
    }
    if (files >= MANY_FILES) return true;
  }
  return false;
}
