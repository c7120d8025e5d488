import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Every manifest of Lance ends with it. */
const MAGIC = "LANC";

/**
 * Whether the newest manifest of a table in a folder is cut or overwritten. LanceDB would panic, and
 * write its source paths to stderr. False if there is no manifest.
 */
export async function hasBrokenManifest(folder: string, table: string): Promise<boolean> {
  const versions = join(folder, `${table}.lance`, "_versions");
  const names = await readdir(versions).catch(() => []);
  // Numbers count down, so the newest comes first.
  const [newest] = names.filter((name) => name.endsWith(".manifest")).sort();
  // A writer may delete it meanwhile.
  const file = newest === undefined ? null : await open(join(versions, newest)).catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    return buffer.toString("latin1") !== MAGIC;
  } finally {
    await file.close();
  }
}
