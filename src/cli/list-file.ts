import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SiteragError } from "../errors.ts";

/** Lines of a text file without blank ones and surrounding space. Throws USAGE when it cannot be read. */
export async function readLines(directory: string, file: string): Promise<string[]> {
  const path = resolve(directory, file);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new SiteragError("USAGE", `${path} cannot be read: is it there, and is it a file?`, {
      cause,
    });
  });
  return text
    .replace(/^\uFEFF/u, "")
    .split(/\r\n?|\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The same without lines that begin with `#`. Throws USAGE also when nothing is left. */
export async function readList(directory: string, file: string): Promise<string[]> {
  const entries = (await readLines(directory, file)).filter((line) => !line.startsWith("#"));
  if (entries.length > 0) return entries;
  throw new SiteragError(
    "USAGE",
    `${resolve(directory, file)} lists nothing: name one page a line.`,
  );
}
