import { EventEmitter } from "node:events";
import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import type { BuiltEvent, EleventyConfig } from "../../../src/adapters/eleventy/config.ts";
import type { SiteragConfig } from "../../../src/index.ts";
import { SiteWork } from "../../../src/adapters/eleventy/site-work.ts";
import { contentsBelow } from "../../hosts/host-pages.ts";
import { folderWith } from "../../support/temporary-folder.ts";

/** Eleventy as far as the work hears of it; `tell` resolves when the work has done what it does then. */
function fakeEleventy() {
  const warnings: string[] = [];
  const events = new EventEmitter();
  const work: unknown[] = [];
  const ignore = (): void => undefined;
  const eleventy: EleventyConfig = {
    logger: { log: ignore, logWithOptions: ({ message }) => warnings.push(message) },
    on: (name, listener) => events.on(name, (event) => work.push(listener(event))),
    addPreprocessor: ignore,
    addTransform: ignore,
    addAsyncFilter: ignore,
    addShortcode: ignore,
    addGlobalData: ignore,
    getFilter: ignore,
    hasPlugin: () => false,
    setServerOptions: ignore,
  };
  const tell = (name: string, event: object): Promise<unknown> => {
    events.emit(name, event);
    return Promise.all(work);
  };
  return { eleventy, tell, warnings };
}

const EVENT: BuiltEvent = {
  directories: { input: ".", output: "_site" },
  runMode: "build",
  outputMode: "fs",
  incremental: false,
  results: [],
};

const HOME = { url: "/", outputPath: "_site/index.html" };
const FILES = { "index.md": "# Lamps\n\nOil burns.\n", "package.json": "{}" };

async function begin(event: BuiltEvent = EVENT, content: SiteragConfig["content"] = {}) {
  const root = await folderWith(FILES);
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(root);
  onTestFinished(() => cwd.mockRestore());
  const { eleventy, tell, warnings } = fakeEleventy();
  const options: SiteragConfig = { embedding: { provider: "none" }, content };
  const site = new SiteWork(
    eleventy,
    options,
    (url, template) => url === "/secret/" || template.includes("draft"),
  );
  await tell("eleventy.before", event);
  return { root, site, tell, warnings };
}

/** A build that has written its one page into `_site`. */
async function buildPage(files: Readonly<Record<string, string>> = {}) {
  const building = await begin();
  const outputPath = join(building.root, "_site/index.html");
  const written = { ...files, "index.html": "<main><h1>Lamps</h1><p>Oil burns.</p></main>" };
  await mkdir(join(building.root, "_site"));
  for (const [path, text] of Object.entries(written)) {
    await writeFile(join(building.root, "_site", path), text);
  }
  return { ...building, built: { ...EVENT, results: [{ url: "/", outputPath }] } };
}

it("publishes the search of a build whose pages have an earlier date than the build", async () => {
  const { built, root, tell } = await buildPage();
  // The clock of a network disk is behind, or a plugin has set the date for a reproducible build.
  await utimes(join(root, "_site/index.html"), 0, 0);
  await tell("eleventy.after", built);
  expect(await readdir(join(root, "_site/siterag"))).toContain("index.json");
});

it("keeps nothing of a page that was the last one, neither published nor in the store", async () => {
  const { built, root, tell } = await buildPage();
  await tell("eleventy.after", built);
  await rm(join(root, "_site/index.html"));
  await tell("eleventy.before", EVENT);
  await tell("eleventy.contentMap", { urlToInputPath: {} });
  await tell("eleventy.after", EVENT);
  const holding: string[] = [];
  for await (const { content, path } of contentsBelow([
    join(root, "_site"),
    join(root, ".siterag"),
  ])) {
    if (content.includes("Oil burns")) holding.push(path);
  }
  expect(holding).toEqual([]);
});

it("goes on with warnings if the folder of the search cannot be written", async () => {
  const { built, tell, warnings } = await buildPage({ siterag: "a file of the site" });
  await tell("eleventy.after", built);
  expect(warnings).toEqual([
    expect.stringContaining("siterag"),
    expect.stringContaining("The related pages have no style sheet"),
  ]);
});

it.each(["html", "source"] as const)(
  "writes nothing at all if a script asks for the pages, with content from %s",
  async (from) => {
    const event = { ...EVENT, outputMode: "json", results: [HOME] };
    const { root, tell } = await begin(event, { from });
    await tell("eleventy.after", event);
    expect(await readdir(root)).toEqual(Object.keys(FILES));
  },
);

it("writes nothing if a script asks for the pages after a build by the same object", async () => {
  const { built, root, tell } = await buildPage();
  await tell("eleventy.after", built);
  await rm(join(root, "_site/siterag"), { recursive: true });
  const event = { ...built, outputMode: "json" };
  await tell("eleventy.before", event);
  await tell("eleventy.after", event);
  expect(await readdir(join(root, "_site"))).toEqual(["index.html"]);
});

it("writes nothing at all in a dry run of a script, which no event tells before", async () => {
  const { root, tell } = await begin();
  await tell("eleventy.contentMap", { urlToInputPath: { "/": { inputPath: "./index.md" } } });
  await tell("eleventy.after", EVENT);
  expect(await readdir(root)).toEqual(Object.keys(FILES));
});

it("shows the pages that templates make now, and not those that belong in no index", async () => {
  const { site, tell } = await begin();
  const urlToInputPath = {
    "/guide/über/": { inputPath: "./guide/über.md" },
    "/plan/": { inputPath: "./draft-plan.md" },
    "/secret/": { inputPath: "./guide/all.njk" },
  };
  await tell("eleventy.contentMap", { urlToInputPath });
  const urls = ["/guide/%C3%BCber/#oil", "/plan/", "/secret/", "/deleted/"];
  expect(urls.map((url) => site.shows(url))).toEqual([true, false, false, false]);
});
