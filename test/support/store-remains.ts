import { readdir, readFile } from "node:fs/promises";
import { basename, join, sep } from "node:path";

/** What a store in a folder still has of deleted rows. All lists are empty in a clean store. */
export interface Remains {
  /** Files that hold one of the words. */
  readonly withWord: readonly string[];
  readonly deletionFiles: readonly string[];
  /** Data files that the newest manifest of their table does not name. */
  readonly unnamed: readonly string[];
  readonly temporary: readonly string[];
}

/** Searches every file of the store. Tables of vectors may keep files that hold no text. */
export async function remainsIn(folder: string, ...words: readonly string[]): Promise<Remains> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((one) => join(one.parentPath, one.name));
  const contents = new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(file, "latin1")] as const)),
  );
  const inTables = files.filter((file) => !file.includes(`${sep}vectors_`));
  const isNamed = (file: string): boolean => {
    const table = file.slice(0, file.indexOf(`.lance${sep}`));
    // Version numbers count down, so the newest manifest comes first.
    const [newest = ""] = files
      .filter((one) => one.startsWith(table) && one.endsWith(".manifest"))
      .sort();
    return contents.get(newest)?.includes(basename(file)) === true;
  };
  const short = (some: readonly string[]) =>
    some.map((file) => file.slice(folder.length + 1)).sort();
  return {
    withWord: short(
      files.filter((file) => words.some((word) => contents.get(file)?.includes(word))),
    ),
    deletionFiles: short(inTables.filter((file) => file.includes(`${sep}_deletions${sep}`))),
    unnamed: short(inTables.filter((file) => file.includes(`${sep}data${sep}`) && !isNamed(file))),
    temporary: short(files.filter((file) => basename(file).startsWith(".tmp"))),
  };
}

export const NOTHING: Remains = { withWord: [], deletionFiles: [], unnamed: [], temporary: [] };
