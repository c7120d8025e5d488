import { access } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeLeftovers } from "../../src/store/leftovers.ts";
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
