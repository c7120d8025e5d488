import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** The rows of the README's table under a header that begins with `title`. */
async function rowsUnder(title: string): Promise<string[]> {
  const lines = (await readFile(join(ROOT, "README.md"), "utf8")).split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${title}`));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith("|"));
  return lines.slice(start + 2, end);
}

const filesIn = (rows: readonly string[]): string[] =>
  rows.flatMap((row) => [...row.matchAll(/`(?<file>src\/[^`]+)`/gu)].map(([, file = ""]) => file));

test("the README names a file to read first in every folder, and no other folder", async () => {
  const rows = await rowsUnder("folder");
  const folders = (await readdir(join(ROOT, "src"), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(rows.map((row) => row.split("`")[1] ?? "").toSorted()).toEqual(folders.toSorted());
  for (const row of rows) expect(filesIn([row]), row).toHaveLength(1);
});

test("the README says for ten changes which file to edit", async () => {
  const rows = await rowsUnder("to change");
  expect(rows).toHaveLength(10);
  for (const row of rows) expect(filesIn([row]), row).toHaveLength(1);
});

test("every file that the README names exists", async () => {
  const files = filesIn([...(await rowsUnder("folder")), ...(await rowsUnder("to change"))]);
  expect(files).toHaveLength(31);
  for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true);
});

test("two files stand at the root of src", async () => {
  const entries = await readdir(join(ROOT, "src"), { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  expect(files.toSorted()).toEqual(["index.ts", "testing.ts"]);
});
