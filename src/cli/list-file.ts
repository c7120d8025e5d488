import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SiteragError } from "../words/errors.ts";

/** The lines of a text file, trimmed, without blank ones. Throws USAGE if it cannot be read. */
async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const message = `${path} cannot be read; check that it exists and is a file.`;
    throw new SiteragError("USAGE", message, { cause });
  });
  const lines = text.replace(/^\uFEFF/u, "").split(/\r\n?|\n/u);
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

/** The same, without lines that start with `#`. */
export const readList = async (directory: string, file: string): Promise<string[]> =>
  (await readLines(resolve(directory, file))).filter((line) => !line.startsWith("#"));

/** The lines of a file of queries. Throws USAGE if it cannot be read or holds none. */
export async function readQueries(directory: string, file: string): Promise<string[]> {
  const path = resolve(directory, file);
  const queries = await readLines(path);
  if (queries.length > 0) return queries;
  throw new SiteragError("USAGE", `${path} is empty; write one question per line.`);
}
