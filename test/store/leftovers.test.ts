import { access, utimes } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeLeftovers } from "../../src/store/leftovers.ts";
import { systemClock } from "../../src/words/system-clock.ts";
import { folderWith } from "../support/temporary-folder.ts";

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

test("only old unfinished files of killed processes are deleted", async () => {
  const files = {
    "chunks.lance/data/.tmp_old": "x",
    "chunks.lance/data/.tmp_fresh": "x",
    "chunks.lance/data/rows.lance": "x",
  };
  const folder = await folderWith(files);
  const hourAgo = Date.now() / 1000 - 3600;
  for (const name of ["chunks.lance/data/.tmp_old", "chunks.lance/data/rows.lance"]) {
    await utimes(join(folder, name), hourAgo, hourAgo);
  }
  await removeLeftovers(folder, systemClock);
  const left = await Promise.all(Object.keys(files).map((name) => isThere(join(folder, name))));
  expect(left).toEqual([false, true, true]);
});
