import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

/** Every manifest of Lance ends with it. */
const MAGIC = "LANC";

/** The file that names the newest version of a table in a folder; null if there is none. */
function newestManifest(folder: string, table: string): string | null {
  const versions = join(folder, `${table}.lance`, "_versions");
  const names = orNull(() => readdirSync(versions)) ?? [];
  // Numbers count down, so the newest comes first.
  const [newest] = names.filter((name) => name.endsWith(".manifest")).sort();
  return newest === undefined ? null : join(versions, newest);
}

/** Null where there is no such file, or no way to it. */
function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/**
 * Tells the states of a table in a folder apart: after every commit, and where another table has taken its
 * place, it is another text. Every search asks several times. Not asynchronous: what the system has in memory is read
 * in a tenth of the time that a thread of the pool takes to begin. On a network folder, the whole process waits here
 * for as long as the network takes.
 */
export function stampOfTable(folder: string, table: string): string {
  const newest = newestManifest(folder, table);
  if (newest === null) return NO_TABLE;
  // A writer may delete it meanwhile, because it has made a newer one.
  const facts = orNull(() => statSync(newest, { bigint: true }));
  return [newest, facts?.ino, facts?.size, facts?.mtimeNs].join(" ");
}

const NO_TABLE = "none";

/**
 * Whether the newest manifest of a table in a folder is cut or overwritten. LanceDB would panic, and
 * write its source paths to stderr. False if there is no manifest.
 */
export function hasBrokenManifest(folder: string, table: string): boolean {
  const newest = newestManifest(folder, table);
  const file = newest === null ? null : orNull(() => openSync(newest, "r"));
  if (file === null) return false;
  try {
    const end = Buffer.alloc(MAGIC.length);
    readSync(file, end, { position: Math.max(0, fstatSync(file).size - MAGIC.length) });
    return end.toString("latin1") !== MAGIC;
  } finally {
    closeSync(file);
  }
}
