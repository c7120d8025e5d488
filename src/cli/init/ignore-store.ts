import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";

const ENTRY = ".siterag/";
const SPELLINGS: ReadonlySet<string> = new Set([ENTRY, ".siterag", "/.siterag", "/.siterag/"]);

/** Adds the store's folder to a `.gitignore`, unless it is listed there. */
export async function ignoreStore(path: string): Promise<"created" | "extended" | "unchanged"> {
  if (!existsSync(path)) {
    await writeFile(path, `${ENTRY}\n`, { flag: "wx" });
    return "created";
  }
  const text = await readFile(path, "utf8");
  if (text.split("\n").some((line) => SPELLINGS.has(line.trim()))) return "unchanged";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : lineEnd;
  await writeFile(path, `${gap}${ENTRY}${lineEnd}`, { flag: "a" });
  return "extended";
}
