import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Every manifest of Lance ends with it. */
const MAGIC = "LANC";

/** The file that names the newest version of a table in a folder; null if there is none. */
async function newestManifest(folder: string, table: string): Promise<string | null> {
  const versions = join(folder, `${table}.lance`, "_versions");
  const names = await readdir(versions).catch(() => []);
  // Numbers count down, so the newest comes first.
  const [newest] = names.filter((name) => name.endsWith(".manifest")).sort();
  return newest === undefined ? null : join(versions, newest);
}

/**
 * Tells the states of a table in a folder apart: after every commit, and where another table has taken its
 * place, it is another text. Costs two calls to the file system.
 */
export async function stampOfTable(folder: string, table: string): Promise<string> {
  const newest = await newestManifest(folder, table);
  if (newest === null) return NO_TABLE;
  // A writer may delete it meanwhile, because it has made a newer one.
  const facts = await stat(newest, { bigint: true }).catch(() => null);
  return [newest, facts?.ino, facts?.size, facts?.mtimeNs].join(" ");
}

const NO_TABLE = "none";

/**
 * Whether the newest manifest of a table in a folder is cut or overwritten. LanceDB would panic, and
 * write its source paths to stderr. False if there is no manifest.
 */
export async function hasBrokenManifest(folder: string, table: string): Promise<boolean> {
  const newest = await newestManifest(folder, table);
  const file = newest === null ? null : await open(newest).catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    return buffer.toString("latin1") !== MAGIC;
  } finally {
    await file.close();
  }
}
