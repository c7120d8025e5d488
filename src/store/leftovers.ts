import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TRIAL_NAME } from "./trial-write.ts";

/** A file that LanceDB was writing into a table's folder. */
const UNFINISHED = /^[^/\\]+\.lance[/\\](?:.*[/\\])?\.tmp[^/\\]*$/u;

/**
 * Deletes the unfinished files of killed processes from a store in a folder. LanceDB never deletes
 * them; they can be large, and may hold text. Call it only under the writer's lock.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  // A third of the time that `glob` takes.
  for (const name of await readdir(folder, { recursive: true })) {
    if (UNFINISHED.test(name)) await rm(join(folder, name), { force: true });
  }
  await rm(join(folder, TRIAL_NAME), { force: true }).catch(() => undefined);
}

/** The part of LanceDB's table that tells its versions. */
interface VersionedTable {
  readonly name: string;
  listVersions(): Promise<readonly { readonly metadata: Readonly<Record<string, string>> }[]>;
}

/**
 * Whether a table has more versions than one or, in a folder, more data files than that version names: a
 * killed process wrote the others. LanceDB deletes them only together with an old version.
 */
export async function hasLeftovers(table: VersionedTable, uri: string): Promise<boolean> {
  const [newest, ...older] = await table.listVersions();
  if (older.length > 0) return true;
  const named = newest?.metadata["total_data_files"];
  if (uri.includes("://") || named === undefined) return false;
  const files = await readdir(join(uri, `${table.name}.lance`, "data")).catch(() => []);
  return files.filter((name) => name.endsWith(".lance")).length > Number(named);
}
