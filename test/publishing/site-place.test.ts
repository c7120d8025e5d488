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

const FILES = ["index.html", "guide/install.html", "guide/use/index.html"];
const URLS = ["/docs/", "/docs/guide/install.html", "/docs/guide/use/"];

test.each([
  ["siterag", "../"],
  ["assets/search", "../../"],
  [".", "./"],
])("an index in %s of a site finds the site by its pages", async (out, root) => {
  const site = await siteWith(...FILES, "assets/search/index.html");
  expect(await sitePlace(join(site, out), URLS)).toEqual({ base: "/docs/", root });
});

test.each([
  ["index.html", "/docs/", "/docs/"],
  ["a/index.html", "/docs/a/", "/docs/"],
  ["a/b/index.html", "/a/b", "/"],
  ["aindex.html", "/aindex.html", "/"],
  ["a b.htm", "/docs/a%20b", "/docs/"],
  ["a/index.htm", "/a", "/"],
  ["c#.html", "/docs/c%23", "/docs/"],
  ["what?/index.html", "/docs/what%3F/", "/docs/"],
  ["100%.html", "/100%.html", "/"],
  ["a.html", "https://docs.example/a.html", "https://docs.example/"],
  ["a/index.html", "https://docs.example/v2/a/", "https://docs.example/v2/"],
])("the file %s of the page %s says that addresses begin with %s", async (file, url, base) => {
  const site = await siteWith(file);
  expect(await sitePlace(join(site, "siterag"), [url])).toEqual({ base, root: "../" });
});

test.each([
  ["a.html", "/b/"],
  ["a.html", "/ba.html"],
  ["a.html", "https://docs.example"],
])("the file %s of a site whose page is %s says nothing of that", async (file, url) => {
  const site = await siteWith(file);
  expect(await sitePlace(join(site, "siterag"), [url])).toBeNull();
});

test("an index elsewhere, of a page without HTML, or without a page has no place", async () => {
  const site = await siteWith(...FILES);
  const elsewhere = await temporaryFolder();
  expect(await sitePlace(join(elsewhere, "siterag"), URLS)).toBeNull();
  expect(await sitePlace(join(site, "siterag"), [...URLS, "/docs/on-demand/"])).toBeNull();
  expect(await sitePlace(join(site, "siterag"), [])).toBeNull();
});
