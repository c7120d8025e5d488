import { EventEmitter } from "node:events";
import { access, mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import type { BuiltEvent, EleventyConfig } from "../../../src/adapters/eleventy/config.ts";
import { SiteWork } from "../../../src/adapters/eleventy/site-work.ts";
import { folderWith } from "../../support/temporary-folder.ts";

/** Eleventy as far as the work hears of it; `tell` resolves when the work has done what it does then. */
function fakeEleventy() {
  const events = new EventEmitter();
  const work: unknown[] = [];
  const ignore = (): void => undefined;
  const eleventy: EleventyConfig = {
    logger: { log: ignore, logWithOptions: ignore },
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
  const tell = (name: string, event: BuiltEvent): Promise<unknown> => {
    events.emit(name, event);
    return Promise.all(work);
  };
  return { eleventy, tell };
}

const EVENT: BuiltEvent = {
  directories: { input: ".", output: "_site" },
  runMode: "build",
  outputMode: "fs",
  incremental: false,
  results: [],
};

async function begin() {
  const root = await folderWith({ "package.json": "{}" });
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(root);
  onTestFinished(() => cwd.mockRestore());
  const { eleventy, tell } = fakeEleventy();
  const site = new SiteWork(eleventy, { embedding: { provider: "none" } });
  await tell("eleventy.before", EVENT);
  return { root, site, tell };
}

it("publishes the search of a build whose pages have an earlier date than the build", async () => {
  const { root, tell } = await begin();
  const outputPath = join(root, "_site/index.html");
  await mkdir(join(root, "_site"));
  await writeFile(outputPath, "<main><h1>Lamps</h1><p>Oil burns.</p></main>");
  // The clock of a network disk is behind, or a plugin has set the date for a reproducible build.
  await utimes(outputPath, 0, 0);
  await tell("eleventy.after", { ...EVENT, results: [{ url: "/", outputPath }] });
  expect(await readdir(join(root, "_site/siterag"))).toContain("index.json");
});

it("writes nothing into the site of a dry run", async () => {
  const { root, tell } = await begin();
  await tell("eleventy.after", EVENT);
  await expect(access(join(root, "_site"))).rejects.toThrow("ENOENT");
});
