import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { discoverFiles } from "../../src/content/discover.ts";
import { makeSite } from "./site.ts";

describe("discoverFiles", () => {
  it("lists Markdown in byte order, without dot-files, folders and node_modules", async () => {
    const content = await makeSite({
      "b.md": "",
      "a/z.md": "",
      "a.md": "",
      "Z.mdx": "",
      "é.markdown": "",
      "\u{1F600}.md": "",
      "\uFF5A.md": "",
      ".hidden.md": "",
      ".vitepress/x.md": "",
      "node_modules/p/README.md": "",
      "a/node_modules/p/README.md": "",
      "picture.png": "",
      "folder.md/inside.md": "",
    });
    expect(await discoverFiles(content)).toEqual([
      "Z.mdx",
      "a.md",
      "a/z.md",
      "b.md",
      "folder.md/inside.md",
      "é.markdown",
      "\uFF5A.md",
      "\u{1F600}.md",
    ]);
  });

  it.each([
    ["a glob", { exclude: ["drafts/**"] }, ["a.md", "guide/b.md"]],
    ["a folder", { exclude: ["drafts"] }, ["a.md", "guide/b.md"]],
    ["a folder with a slash", { exclude: ["drafts/"] }, ["a.md", "guide/b.md"]],
    ["a file", { exclude: ["drafts/c.md", "./a.md"] }, ["guide/b.md"]],
    ["a narrower include", { include: ["guide/*.md"] }, ["guide/b.md"]],
    ["an include with a dot", { include: ["./guide/*.md"] }, ["guide/b.md"]],
    ["a folder to include", { include: ["guide"] }, ["guide/b.md"]],
    ["a negated include", { include: ["**/*.md", "!guide/**"] }, ["a.md", "drafts/c.md"]],
  ])("applies %s", async (_name, options, expected) => {
    const content = await makeSite({ "a.md": "", "guide/b.md": "", "drafts/c.md": "" }, options);
    expect(await discoverFiles(content)).toEqual(expected);
  });

  it("lists nothing outside the root", async () => {
    const include = ["../**/guide/*.md"];
    const site = await makeSite({ "docs/guide/b.md": "", "other/guide/c.md": "" }, { include });
    expect(await discoverFiles({ ...site, root: join(site.root, "docs") })).toEqual([]);
  });

  it("applies ignore files, nested ones too", async () => {
    const content = await makeSite({
      ".gitignore": "build/\n*.tmp.md\n",
      ".siteragignore": "/internal/\n",
      "guide/.siteragignore": "secret.md\n",
      "guide/.gitignore": "local.md\n!kept.tmp.md\n",
      "a.md": "",
      "x.tmp.md": "",
      "build/x.md": "",
      "internal/x.md": "",
      "secret.md": "",
      "guide/secret.md": "",
      "guide/deep/secret.md": "",
      "guide/local.md": "",
      "guide/kept.tmp.md": "",
    });
    expect(await discoverFiles(content)).toEqual(["a.md", "guide/kept.tmp.md", "secret.md"]);
  });

  it("applies the repository's ignore file above the root", async () => {
    const site = await makeSite({ ".gitignore": "wip-*\n", "docs/a.md": "", "docs/wip-b.md": "" });
    await mkdir(join(site.root, ".git"));
    expect(await discoverFiles({ ...site, root: join(site.root, "docs") })).toEqual(["a.md"]);
  });

  it.each(["/generated/", "docs", "docs/", "generated/docs/", "*"])(
    "lists a root that the repository ignores entirely with %s",
    async (rule) => {
      const site = await makeSite({
        ".gitignore": `${rule}\n`,
        "generated/docs/.gitignore": "b.md\n",
        "generated/docs/a.md": "",
        "generated/docs/b.md": "",
      });
      await mkdir(join(site.root, ".git"));
      const root = join(site.root, "generated/docs");
      expect(await discoverFiles({ ...site, root })).toEqual(["a.md"]);
    },
  );

  it("follows links to files and folders, and lists broken links", async () => {
    const content = await makeSite({ "shared/a.md": "", "shared/b.md": "" });
    await symlink("shared", join(content.root, "linked"));
    await symlink("shared/a.md", join(content.root, "link.md"));
    await symlink("gone.md", join(content.root, "dangling.md"));
    expect(await discoverFiles(content)).toEqual([
      "dangling.md",
      "link.md",
      "linked/a.md",
      "linked/b.md",
      "shared/a.md",
      "shared/b.md",
    ]);
  });

  it("does not follow links to folders that contain them", async () => {
    const content = await makeSite({ "a/x.md": "", "b/y.md": "" });
    await symlink(".", join(content.root, "self"));
    await symlink("..", join(content.root, "a/up"));
    await symlink("../b", join(content.root, "a/other"));
    await symlink("../a", join(content.root, "b/other"));
    expect(await discoverFiles(content)).toEqual([
      "a/other/y.md",
      "a/x.md",
      "b/other/x.md",
      "b/y.md",
    ]);
  });

  it.each(["missing", "file.md"])("rejects the root %s with advice", async (name) => {
    const site = await makeSite({ "file.md": "" });
    const root = join(site.root, name);
    await expect(discoverFiles({ ...site, root })).rejects.toMatchObject({
      code: "CONTENT_ROOT_MISSING",
      message: expect.stringMatching(
        /: set content\.root in the configuration, or run `siterag init`\.$/,
      ),
    });
    await expect(discoverFiles({ ...site, root })).rejects.toThrow(root);
  });
});
