import { access } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasLeftovers, removeLeftovers } from "../../src/store/leftovers.ts";
import { folderWith } from "../support/temporary-folder.ts";

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

test("unfinished files of killed processes are deleted in every folder of a table, and no others", async () => {
  const files = {
    "chunks.lance/data/.tmp_rows": "x",
    "chunks.lance/_indices/1/.tmp_words": "x",
    "chunks.lance/data/rows.lance": "x",
    ".tmp_not_ours": "x",
  };
  const folder = await folderWith(files);
  await removeLeftovers(folder);
  const left = await Promise.all(Object.keys(files).map((name) => isThere(join(folder, name))));
  expect(left).toEqual([false, false, true, true]);
});

describe("leftovers of a table", () => {
  const version = { metadata: { total_data_files: "1" } };

  test.each([
    ["an older version is one", [version, version], {}, true],
    ["a data file that the version does not name is one", [version], { "b.lance": "" }, true],
    ["a file that LanceDB did not write is none", [version], { ".DS_Store": "" }, false],
    ["a data file of the version is none", [version], {}, false],
  ])("%s", async (_name, versions, files, has) => {
    const data = Object.entries({ "a.lance": "", ...files });
    const named = data.map(([name, text]) => [`chunks.lance/data/${name}`, text]);
    const folder = await folderWith(Object.fromEntries(named));
    const table = { name: "chunks", listVersions: () => Promise.resolve(versions) };
    expect(await hasLeftovers(table, folder)).toBe(has);
  });
});
