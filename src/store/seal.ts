import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SCHEMA_VERSION } from "./tables.ts";

/** Tells, without reading a table, that a store in a folder is as the last good run of an index left it. */

/** The file in a store's folder that holds the seal of the last good run of an index. */
const fileOf = (folder: string, index: string): string => join(folder, `sealed-${index}`);

/** Hash over names, sizes and times of the tables' files, for one index and this version of the tables. */
async function sealOf(folder: string, index: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.parentPath !== folder);
  const lines = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    const { mtimeMs, size } = await stat(path);
    return `${path.slice(folder.length)} ${size} ${mtimeMs}`;
  });
  const all = [index, SCHEMA_VERSION, ...(await Promise.all(lines)).sort()];
  return createHash("sha256").update(all.join("\n")).digest("hex");
}

/** Whether nothing has changed since `seal`. False for a store that was copied. */
export async function isSealed(folder: string, index: string): Promise<boolean> {
  const sealed = await readFile(fileOf(folder, index), "utf8").catch(() => null);
  return sealed !== null && sealed === (await sealOf(folder, index).catch(() => null));
}

/** Call it when all tables have been read or written well, under the writer's lock. */
export async function seal(folder: string, index: string): Promise<void> {
  const path = fileOf(folder, index);
  const sealed = await readFile(path, "utf8").catch(() => null);
  const now = await sealOf(folder, index);
  if (sealed !== now) await writeFile(path, now);
}
