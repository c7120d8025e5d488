import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { leftBehind } from "../../../src/adapters/eleventy/left-behind.ts";
import { pagesBelow } from "../../../src/adapters/eleventy/written-files.ts";
import { discoverFiles } from "../../../src/content/discover.ts";
import { hashOfPath } from "../../../src/content/left-behind.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-test-left-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = [
    "out/index.html",
    "out/old/index.html",
    "out/demo/a.html",
    "out/gone/b.html",
    "in/a.html",
  ];
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "<p>Words");
  }
});

describe("files that Eleventy has left in the built site", () => {
  it("are HTML that is neither made nor copied", async () => {
    const copied = { "/demo/": join(folder, "in"), gone: join(folder, "in") };
    const left = await leftBehind(join(folder, "out"), ["index.html"], copied);
    expect(left.toSorted()).toEqual(
      [hashOfPath("old/index.html"), hashOfPath("gone/b.html")].toSorted(),
    );
  });

  it("are no pages of the site", async () => {
    const html = { root: join(folder, "out"), include: ["**/*.html"], exclude: [], isBuilt: true };
    const pages = await discoverFiles({ ...html, leftBehind: [hashOfPath("old/index.html")] });
    expect(pages).toEqual(["demo/a.html", "gone/b.html", "index.html"]);
  });
});

describe("pages that a build has written", () => {
  it("are HTML in the folder of the built site", () => {
    const paths = ["a/index.html", "b.HTM", "feed.xml", "../elsewhere.html"];
    const results = paths.map((path) => ({
      url: `/${path}`,
      outputPath: join(folder, "out", path),
    }));
    const pages = pagesBelow(join(folder, "out"), [...results, { url: false, outputPath: false }]);
    expect(pages).toEqual(["a/index.html", "b.HTM"]);
  });
});
