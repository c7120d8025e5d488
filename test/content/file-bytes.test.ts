import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FileBytes } from "../../src/content/file-bytes.ts";

const folder = await mkdtemp(join(tmpdir(), "siterag-file-bytes-"));
afterAll(() => rm(folder, { recursive: true }));

const ROOM = 2 ** 20;

describe("files that are read one after another", () => {
  it.each([ROOM - 1, ROOM, ROOM + 1, 3 * ROOM])("has all of %i bytes", async (length) => {
    const written = Buffer.alloc(length, "lantern ");
    await writeFile(join(folder, "large.html"), written);
    expect(written.equals(new FileBytes().read(join(folder, "large.html")))).toBe(true);
  });

  it("has nothing of the file before", async () => {
    await writeFile(join(folder, "long.html"), "<p>A long page");
    await writeFile(join(folder, "short.html"), "<p>");
    await writeFile(join(folder, "empty.html"), "");
    const contents = new FileBytes();
    const read = (name: string) => Buffer.from(contents.read(join(folder, name))).toString();
    expect(["long.html", "short.html", "empty.html"].map(read)).toEqual([
      "<p>A long page",
      "<p>",
      "",
    ]);
  });

  it("throws what the system reports", () => {
    const contents = new FileBytes();
    expect(() => contents.read(folder)).toThrow("EISDIR");
    expect(() => contents.read(join(folder, "none.html"))).toThrow("ENOENT");
  });
});
