import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const ENTRY = ".siterag/";
const SPELLINGS: ReadonlySet<string> = new Set([ENTRY, ".siterag", "/.siterag", "/.siterag/"]);

/** What was done to the ignore file. */
export type IgnoreOutcome = "created" | "extended" | "unchanged";

/** Adds the store's folder to `.gitignore`, unless it is listed there. */
export async function ignoreStore(directory: string): Promise<IgnoreOutcome> {
  const path = join(directory, ".gitignore");
  const text = await readOrNull(path);
  if (text === null) {
    await writeFile(path, `${ENTRY}\n`, { flag: "wx" });
    return "created";
  }
  const lines = text.split("\n").map((line) => line.trim());
  if (lines.some((line) => SPELLINGS.has(line))) return "unchanged";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : lineEnd;
  await writeFile(path, `${gap}${ENTRY}${lineEnd}`, { flag: "a" });
  return "extended";
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
