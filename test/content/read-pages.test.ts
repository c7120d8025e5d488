import { createHash } from "node:crypto";
import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ContentOptions } from "../../src/content/page-of-file.ts";
import { explainReadError } from "../../src/content/read-pages.ts";
import { readPages } from "../support/read-pages.ts";
import { makeSite } from "./site.ts";

async function readAll(content: ContentOptions) {
  const log: string[] = [];
  const failed: string[] = [];
  const pages = await Array.fromAsync(
    readPages(content, {
      warn: (message) => log.push(message),
      warnOfAll: (message) => log.push(message),
      tell: (message) => log.push(message),
      fail: (id, message) => {
        failed.push(id);
        log.push(message);
      },
    }),
  );
  return { pages, log, failed };
}

const silent = {
  warn: () => undefined,
  tell: () => undefined,
  warnOfAll: () => undefined,
  fail: () => undefined,
};

describe("readPages", () => {
  it("returns complete pages", async () => {
    const source = "---\ntitle: Install\nlang: de\nversion: 2\n---\n# Install\n";
    const content = await makeSite({ "guide/install.mdx": source }, { baseUrl: "/docs/" });
    expect((await readAll(content)).pages).toEqual([
      {
        id: "guide/install.mdx",
        url: "/docs/guide/install/",
        title: "Install",
        body: "# Install\n",
        bodyLine: 6,
        format: "mdx",
        frontmatter: { title: "Install", lang: "de", version: 2 },
        locale: "de",
        version: "2",
        slugger: "github",
        host: null,
        contentHash: createHash("sha256").update(source).digest("hex"),
      },
    ]);
  });

  it.each([
    ["title: 2024", "2024"],
    ["title: ''", null],
    ["title: [a]", null],
    ["other: a", null],
  ])("reads the title of %j as %j", async (frontmatter, title) => {
    const content = await makeSite({ "a.md": `---\n${frontmatter}\n---\n` });
    expect((await readAll(content)).pages).toMatchObject([{ title }]);
  });

  it("hashes the bytes of the file, not its text", async () => {
    const content = await makeSite({ "a.md": "A", "b.md": "\uFEFFA" });
    const [a, b] = (await readAll(content)).pages;
    expect(a?.body).toBe(b?.body);
    expect(b?.contentHash).toBe(createHash("sha256").update("\uFEFFA").digest("hex"));
  });

  it("uses the path style of the host", async () => {
    const content = await makeSite({ "01-a/02-b.md": "" }, { pathStyle: "docusaurus" });
    expect((await readAll(content)).pages).toMatchObject([{ url: "/a/b/" }]);
  });

  it("keeps the order of ids over more pages than are read ahead", async () => {
    const ids = Array.from({ length: 50 }, (_, n) => `p${String(n).padStart(2, "0")}.md`);
    const content = await makeSite(
      Object.fromEntries(ids.map((id, n) => [id, "x".repeat(50_000 - n * 999)])),
    );
    expect((await readAll(content)).pages.map(({ id }) => id)).toEqual(ids);
  });

  it("reads no more than sixteen files ahead", async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `p${String(n).padStart(2, "0")}.md`);
    const content = await makeSite(Object.fromEntries(ids.map((id) => [id, ""])));
    const failed: string[] = [];
    const report = { ...silent, fail: (id: string) => failed.push(id) };
    const pages = readPages(content, report);
    await pages.next();
    await Promise.all(ids.slice(16).map((id) => rm(join(content.root, id))));
    expect(await Array.fromAsync(pages)).toHaveLength(15);
    expect(failed).toEqual(ids.slice(16));
  });

  it("skips pages that are not selected without a warning", async () => {
    const content = await makeSite({
      "a.md": "A",
      "draft.md": "---\ndraft: true\n---\n\0 secret",
      "draft.toml.md": "+++\ndraft = true\n+++\nsecret",
      "private.md": Buffer.concat([Buffer.from("---\nrag: false\n---\n"), Buffer.from([0xff])]),
      "_partials/x.md": "secret",
      "twin.md": "---\nunlisted: true\nslug: a\n---\nsecret",
    });
    await symlink("gone.md", join(content.root, "_dangling.md"));
    const { pages, log } = await readAll(content);
    expect(pages.map(({ id }) => id)).toEqual(["a.md"]);
    expect(log).toEqual([]);
  });

  it("warns of a page that it leaves out for a line of broken frontmatter, and repeats no text", async () => {
    const content = await makeSite({
      "draft.md":
        "\n---\ntitle: Codename: Heron\nmeta:\n  draft: true\ndraft: false\n---\nsecret\0",
    });
    const { pages, log, failed } = await readAll(content);
    expect([...pages, ...failed]).toEqual([]);
    expect(log).toMatchInlineSnapshot(`
      [
        "draft.md: The YAML frontmatter is broken at line 3: Nested mappings are not allowed in compact mappings. The page was left out, because its frontmatter has a line that hides a page (draft, unlisted, rag, published, permalink, search); correct the frontmatter.",
      ]
    `);
  });

  it("reports each page that cannot be read in one sentence and goes on", async () => {
    const content = await makeSite({ "a.md": "A", "z.md": "Z" });
    await symlink("gone.md", join(content.root, "dangling.md"));
    await symlink("loop.md", join(content.root, "loop.md"));
    await mkdir(join(content.root, "folder.md"));
    const { pages, log, failed } = await readAll(content);
    expect(pages.map(({ id }) => id)).toEqual(["a.md", "z.md"]);
    expect(failed).toEqual(["dangling.md", "loop.md"]);
    expect(log).toMatchInlineSnapshot(`
      [
        "dangling.md cannot be read: it no longer exists, or it is a broken link; restore the file or delete the link.",
        "loop.md cannot be read: its links form a loop; correct or delete them.",
      ]
    `);
  });

  it("warns about each repair", async () => {
    const content = await makeSite({
      "bad.md": Buffer.from([0x61, 0x0a, 0xff]),
      "broken.md": "---\ntitle: a: b\n---\nText",
      "nul.md": "a\0b",
    });
    const { pages, log, failed } = await readAll(content);
    expect(pages.map(({ body }) => body)).toEqual(["a\n\uFFFD", "Text", "a\uFFFDb"]);
    expect(failed).toEqual([]);
    expect(log).toMatchInlineSnapshot(`
      [
        "bad.md: line 2 is not valid UTF-8 (invalid bytes are read as U+FFFD); save the file as UTF-8.",
        "broken.md: The YAML frontmatter is broken at line 2: Nested mappings are not allowed in compact mappings. The page was read without its frontmatter; correct it.",
        "nul.md: line 1 contains a NUL byte (read as U+FFFD); remove it, or exclude the file if it is not text.",
      ]
    `);
  });

  it("warns about two pages with the same URL and names both", async () => {
    const content = await makeSite({ "guide.md": "", "guide/index.md": "" });
    const { pages, log } = await readAll(content);
    expect(pages).toHaveLength(2);
    expect(log).toEqual([
      "guide/index.md: has the same URL as guide.md (/guide/); " +
        "rename one, give it a slug of its own, or name it in content.exclude.",
    ]);
  });

  it("rejects with the signal's reason when aborted", async () => {
    const content = await makeSite({ "a.md": "", "b.md": "", "c.md": "" });
    const controller = new AbortController();
    const pages = readPages(content, silent, controller.signal);
    expect((await pages.next()).value).toMatchObject({ id: "a.md" });
    controller.abort(new Error("stopped"));
    await expect(pages.next()).rejects.toThrow("stopped");
    await expect(readPages(content, silent, controller.signal).next()).rejects.toThrow("stopped");
  });

  it("can be stopped early", async () => {
    const content = await makeSite({ "a.md": "", "b.md": "" });
    const pages = readPages(content, silent);
    await pages.next();
    await expect(pages.return(undefined)).resolves.toEqual({ value: undefined, done: true });
  });
});

describe("explainReadError", () => {
  it.each([
    [{ code: "EACCES" }, /^a\.md cannot be read: permission denied; make it readable/],
    [{ code: "EISDIR" }, /^a\.md cannot be read: it is a folder/],
    [{ code: "EIO" }, /^a\.md cannot be read: the system reports EIO; check/],
    [null, /^a\.md cannot be read: the reason is unknown; check/],
  ])("explains %j", (error, message) => {
    expect(explainReadError("a.md", error)).toMatch(message);
  });
});
