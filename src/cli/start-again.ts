import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { CliWorld } from "./world.ts";

/**
 * glibc keeps memory that was freed: for each thread apart, and the more of it the larger the blocks that LanceDB frees.
 * That is 200 MB for 20,000 pages, and half of it with these settings (in bytes), which it reads while a process starts.
 * Smaller blocks to give back take a fifth more of the processor's time and save nothing.
 */
const MALLOC = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "1048576",
  MALLOC_TRIM_THRESHOLD_: "1048576",
};

/** From so many files on, the memory is worth the tenth of a second that another start takes. */
export const MANY_FILES = 5000;

/** If a folder has many files: starts this program again with settings of memory, unless the user has made them all. */
export function startAgainIfLarge({ env, startAgain }: CliWorld, folder: string): void {
  if (startAgain === undefined || Object.keys(MALLOC).every((name) => name in env)) return;
  if (hasManyFiles(folder)) startAgain({ ...MALLOC, ...env });
}

/** Whether there are many files, of whatever kind, in a folder and below it; what `content` never includes aside. */
function hasManyFiles(root: string): boolean {
  const folders = [root];
  let files = 0;
  for (const folder of folders) {
    for (const entry of entriesOf(folder)) {
      if (!entry.isDirectory()) files += 1;
      else if (!/^(?:\.|node_modules$)/u.test(entry.name)) folders.push(join(folder, entry.name));
    }
    if (files >= MANY_FILES) return true;
  }
  return false;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // The run says so, in words of its own.
    return [];
  }
}
