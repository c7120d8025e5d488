import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SiteragError } from "../words/errors.ts";
import { NAME_LENGTH, sha256Letters, type PublishedFile } from "./name-files.ts";

/** Ending of files that are not whole yet. */
const UNFINISHED = ".siterag-tmp";

/** Files that are read or written at once. */
const AT_ONCE = 32;

/**
 * Writes these files into a folder, the last one last, and deletes those files of earlier builds that are not
 * among `kept`. Every file appears whole: an interrupted build leaves the index of the one before.
 */
export async function updateFolder(
  folder: string,
  files: readonly PublishedFile[],
  kept: ReadonlySet<string>,
): Promise<{ readonly written: number; readonly removed: number }> {
  try {
    await mkdir(folder, { recursive: true });
    const [last, ...others] = files.toReversed();
    let written = 0;
    await inGroups(others.toReversed(), async (file) => {
      if (await putFile(folder, file)) written += 1;
    });
    if (last !== undefined && (await putFile(folder, last))) written += 1;
    const own = new Set([...kept, ...files.map(({ name }) => name)]);
    return { written, removed: await removeOld(folder, own) };
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new SiteragError(
      "STORE_FAILED",
      `Could not write the readers' index into ${folder}${reason}. Choose another folder, or free some space and check its permissions.`,
      { cause },
    );
  }
}

/** Writes a file unless it is there with these bytes. */
async function putFile(folder: string, { name, bytes }: PublishedFile): Promise<boolean> {
  const path = join(folder, name);
  const there = await readFile(path).catch(() => null);
  if (there?.equals(bytes) === true) return false;
  const unfinished = `${path}${UNFINISHED}`;
  await writeFile(unfinished, bytes);
  await rename(unfinished, path);
  return true;
}

/** Deletes what earlier builds wrote, by their names, which are those of their bytes, and nothing else. */
async function removeOld(folder: string, kept: ReadonlySet<string>): Promise<number> {
  const names = (await readdir(folder)).filter((name) => !kept.has(name));
  let removed = 0;
  await inGroups(names, async (name) => {
    const path = join(folder, name);
    if (!name.endsWith(UNFINISHED) && !(await isOwn(path, name))) return;
    await rm(path);
    removed += 1;
  });
  return removed;
}

/** Whether the name of a file is the beginning of the hash of its bytes. */
async function isOwn(path: string, name: string): Promise<boolean> {
  const [, letters = ""] = /^([a-z2-7]+)\.(?:js|txt)$/u.exec(name) ?? [];
  const bytes = letters.length < NAME_LENGTH ? null : await readFile(path).catch(() => null);
  return bytes !== null && sha256Letters(bytes).startsWith(letters);
}

async function inGroups<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE)
    await Promise.all(items.slice(at, at + AT_ONCE).map(act));
}
