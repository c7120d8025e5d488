import { join } from "node:path";
import { expect, test } from "vitest";
import { readList, readQueries } from "../../src/cli/list-file.ts";
import { folderWith } from "../support/temporary-folder.ts";

const LISTS = {
  "list.txt": "\uFEFF# changed pages\r\n  a.md\t\r\n\r\nguide/b.md\rc d.md\n  # not e.md\nf#1.md",
  "empty.txt": "\n# nothing\n",
};

test("a list has one entry a line, whatever ends it, without comments and space around", async () => {
  expect(await readList(await folderWith(LISTS), "list.txt")).toEqual([
    "a.md",
    "guide/b.md",
    "c d.md",
    "f#1.md",
  ]);
});

test("a list without entries is an empty one", async () => {
  expect(await readList(await folderWith(LISTS), "empty.txt")).toEqual([]);
});

test("among questions a number sign is no comment, and none at all is refused", async () => {
  const folder = await folderWith({ "q.txt": "# what?\n", "none.txt": " \n" });
  expect(await readQueries(folder, "q.txt")).toEqual(["# what?"]);
  await expect(readQueries(folder, "none.txt")).rejects.toMatchObject({
    code: "USAGE",
    message: `${join(folder, "none.txt")} is empty; write one question per line.`,
  });
});

test.each([readList, readQueries])("a missing file is named", async (read) => {
  await expect(read(await folderWith({}), "none.txt")).rejects.toMatchObject({ code: "USAGE" });
});
