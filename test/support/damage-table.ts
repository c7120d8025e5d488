import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as lancedb from "@lancedb/lancedb";

/** Ways to damage the files of a table in the store's folder. */
export const DAMAGES = {
  "has an empty manifest": (folder, table) => rewrite(folder, table, "_versions", () => ""),
  "has a cut manifest": (folder, table) => rewrite(folder, table, "_versions", half),
  "has a manifest of garbage": (folder, table) => rewrite(folder, table, "_versions", garbage),
  "has no data files": (folder, table) =>
    rm(join(folder, `${table}.lance/data`), { recursive: true }),
  "has cut data files": (folder, table) => rewrite(folder, table, "data", half),
  "has data files of garbage": (folder, table) => rewrite(folder, table, "data", garbage),
  "has columns of another program": async (folder, table) => {
    const database = await lancedb.connect(folder);
    await database.createTable(table, [{ other: "x" }], { mode: "overwrite" });
    database.close();
  },
} as const satisfies Record<string, (folder: string, table: string) => Promise<void>>;

export type Damage = keyof typeof DAMAGES;

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);
const garbage = (bytes: Buffer): Buffer => Buffer.alloc(bytes.length, 0xab);

async function rewrite(
  folder: string,
  table: string,
  part: string,
  change: (bytes: Buffer) => Buffer | string,
): Promise<void> {
  const files = await readdir(join(folder, `${table}.lance`, part));
  for (const name of files) {
    const file = join(folder, `${table}.lance`, part, name);
    await writeFile(file, change(await readFile(file)));
  }
}
