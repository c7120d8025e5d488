import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SiteragError } from "../words/errors.ts";

/** Lines of a text file without blank ones and surrounding space. Throws USAGE when it cannot be read. */
async function readLines(directory: string, file: string): Promise<string[]> {
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

/** The same without lines that begin with `#`. */
export const readList = async (directory: string, file: string): Promise<string[]> =>
  (await readLines(directory, file)).filter((line) => !line.startsWith("#"));

/** Lines of a file that must not be empty. Throws USAGE also when nothing is left. */
export async function readQueries(directory: string, file: string): Promise<string[]> {
  const queries = await readLines(directory, file);
  if (queries.length > 0) return queries;
  const path = resolve(directory, file);
  throw new SiteragError("USAGE", `${path} lists nothing: write one question a line.`);
}
