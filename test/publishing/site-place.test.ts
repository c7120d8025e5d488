import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { sitePlace } from "../../src/publishing/site-place.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

async function siteWith(...files: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "");
  }
  return folder;
}

const PAGES = [
  { id: "index.html", url: "/docs/" },
  { id: "guide/install.html", url: "/docs/guide/install.html" },
  { id: "guide/use/index.html", url: "/docs/guide/use/" },
];

test.each([
  ["siterag", "../"],
  ["assets/search", "../../"],
  [".", "./"],
])("an index in %s of a site finds the site by its pages", async (out, root) => {
  const site = await siteWith(...PAGES.map(({ id }) => id), "assets/search/index.html");
  expect(await sitePlace(join(site, out), PAGES)).toEqual({ base: "/docs/", root });
});

test("short addresses have the same base", async () => {
  const site = await siteWith("guide/use/index.html");
  const pages = [{ id: "guide/use/index.html", url: "/guide/use" }];
  expect(await sitePlace(join(site, "siterag"), pages)).toEqual({ base: "/", root: "../" });
});

test.each([
  [{ id: "index.html", url: "/docs/" }, "/docs/"],
  [{ id: "a/index.html", url: "/docs/a/" }, "/docs/"],
  [{ id: "aindex.html", url: "/aindex.html" }, "/"],
  [{ id: "a b.htm", url: "/docs/a%20b" }, "/docs/"],
  [{ id: "a/index.htm", url: "/a" }, "/"],
])("%j says that addresses begin with %s", async (page, base) => {
  const site = await siteWith(page.id);
  expect(await sitePlace(join(site, "siterag"), [page])).toEqual({ base, root: "../" });
});

test.each([
  { id: "a.html", url: "https://docs.example/a.html" },
  { id: "a.html", url: "/b/" },
  { id: "a.html", url: "/ba.html" },
])("%j says nothing of that", async (page) => {
  const site = await siteWith(page.id);
  expect(await sitePlace(join(site, "siterag"), [page])).toBeNull();
});

test("an index elsewhere, of Markdown, or without a page has no place", async () => {
  const site = await siteWith(...PAGES.map(({ id }) => id));
  const elsewhere = await temporaryFolder();
  expect(await sitePlace(join(elsewhere, "siterag"), PAGES)).toBeNull();
  expect(await sitePlace(join(site, "siterag"), [{ id: "a.md", url: "/docs/a/" }])).toBeNull();
  expect(await sitePlace(join(site, "siterag"), [])).toBeNull();
});
