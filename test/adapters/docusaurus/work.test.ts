import { join } from "node:path";
import { expect, it } from "vitest";
import type { DocusaurusContext } from "../../../src/adapters/docusaurus/context.ts";
import type { SiteContent } from "../../../src/adapters/docusaurus/site-content.ts";
import { buildWork, devWork } from "../../../src/adapters/docusaurus/work.ts";
import type { HostSite } from "../../../src/adapters/host-site.ts";
import type { DevSite } from "../../../src/adapters/site-dev.ts";
import { NO_RESULTS } from "../../../src/adapters/site-results.ts";
import type { SiteragConfig } from "../../../src/providers/load-config.ts";
import { folderWith } from "../../support/temporary-folder.ts";
import { recordingLogger } from "../fake-host.ts";
import { contextOf } from "./docusaurus-context.ts";

const MOCK: SiteragConfig = { embedding: { provider: "mock" } };

const makeSite = (): Promise<string> =>
  folderWith({
    "package.json": "{}",
    "versions.json": '["2.0", "1.0"]',
    "docs/oil.md": "# Oil\n\nFill the lamp with oil.\n",
    "docs/wicks.md": "# Wicks\n\nTrim a wick.\n",
    "build/oil/index.html": "<main><h1>Oil</h1></main>",
  });

const taskOf = (context: DocusaurusContext, options: SiteragConfig = MOCK) => ({
  context,
  options,
  logger: recordingLogger(),
  folder: join(context.generatedFilesDir, "related"),
});

const contentOf = (siteDir: string, names: readonly string[] = ["oil", "wicks"]): SiteContent => ({
  pages: names.map((name) => ({ file: join(siteDir, `docs/${name}.md`), url: `/${name}` })),
  folders: [],
  versions: new Map(),
  hidden: [],
  linkable: names.map((name) => `/${name}`),
  taken: new Set(),
});

/** Starts servers that do nothing but remember who was started and closed. */
function recordingStart() {
  const started: HostSite[] = [];
  const closed: HostSite[] = [];
  const start = async (site: HostSite): Promise<DevSite> => {
    started.push(site);
    return {
      results: NO_RESULTS,
      folder: null,
      file: async () => null,
      changed: () => undefined,
      onUpdate: () => undefined,
      close: async () => void closed.push(site),
    };
  };
  return { closed, start, started };
}

it("serves the newest site through the plugin that the bundler asks, and closes the one before", async () => {
  const siteDir = await makeSite();
  const { closed, start, started } = recordingStart();
  const first = devWork(taskOf(contextOf(siteDir)), start);
  await first.load(contentOf(siteDir));
  const before = first.dev();
  const options = { ...MOCK, build: { related: 3 } };
  const second = devWork(taskOf(contextOf(siteDir), options), start);
  await second.load(contentOf(siteDir));
  expect(first.dev()).not.toBe(before);
  expect(first.dev()).toBe(second.dev());
  expect(closed).toEqual([started[0]]);
});

it("goes on with the same site if another plugin is told the same of it", async () => {
  const siteDir = await makeSite();
  const { closed, start, started } = recordingStart();
  await devWork(taskOf(contextOf(siteDir)), start).load(contentOf(siteDir));
  await devWork(taskOf(contextOf(siteDir)), start).load(contentOf(siteDir));
  expect(started).toHaveLength(1);
  expect(closed).toEqual([]);
});

it("loads one content after the other, so that a single server is left", async () => {
  const siteDir = await makeSite();
  const { closed, start, started } = recordingStart();
  const work = devWork(taskOf(contextOf(siteDir)), start);
  const startedBefore = new Set<number>();
  const second = {
    ...contentOf(siteDir),
    get folders() {
      startedBefore.add(started.length);
      return [];
    },
  };
  await Promise.all([work.load(contentOf(siteDir, ["oil"])), work.load(second)]);
  expect([...startedBefore]).toEqual([1]);
  expect(started).toHaveLength(2);
  expect(closed).toEqual([started[0]]);
});

it("goes on after content that it cannot load", async () => {
  const siteDir = await makeSite();
  const { start } = recordingStart();
  const failing = (): never => {
    throw new Error("no");
  };
  const work = devWork(taskOf(contextOf(siteDir)), failing);
  await expect(work.load(contentOf(siteDir))).rejects.toThrow("no");
  const next = devWork(taskOf(contextOf(siteDir)), start);
  expect(await next.load(contentOf(siteDir))).toBe(NO_RESULTS);
});

it("takes vectors from the index of all versions if a server has some of them alone", async () => {
  const siteDir = await makeSite();
  const { start, started } = recordingStart();
  const presets = [["classic", { docs: { onlyIncludeVersions: ["2.0"] } }]];
  const context = contextOf(siteDir, { presets });
  const i18n = { ...context.i18n, currentLocale: "ar" };
  const content = { ...contentOf(siteDir), versions: new Map([["default", ["2.0"]]]) };
  await devWork(taskOf({ ...context, i18n }), start).load(content);
  expect(started.map(({ part }) => part)).toEqual(["ar"]);
});

/** Loads the pages of a build that cannot write its related pages: where their folder would be, there is a file. */
async function loadWithoutFolder(strict: boolean) {
  const siteDir = await makeSite();
  const context = { ...contextOf(siteDir), generatedFilesDir: join(siteDir, "package.json") };
  const task = taskOf(context, { ...MOCK, build: { strict } });
  return { results: await buildWork(task).load(contentOf(siteDir)), ...task.logger };
}

it("builds on without related pages that cannot be written", async () => {
  const { results, warnings } = await loadWithoutFolder(false);
  expect(results.pages).toHaveLength(2);
  expect(warnings.join()).toMatch(/^Related pages are not up to date: ENOTDIR/u);
});

it("stops a strict build if related pages cannot be written", async () => {
  await expect(loadWithoutFolder(true)).rejects.toThrow(/ENOTDIR/u);
});

it("indexes no built page if those that belong in no index cannot be marked", async () => {
  const siteDir = await makeSite();
  const context = contextOf(siteDir);
  const task = taskOf(context, { ...MOCK, content: { from: "html" } });
  const work = buildWork(task);
  await work.load({ ...contentOf(siteDir), hidden: ["/%ff"] });
  await work.finish({ outDir: context.outDir });
  expect(task.logger.warnings).toEqual([
    "This build has no search: the pages that belong in no index cannot be marked: URI malformed",
  ]);
  expect(task.logger.infos.filter((line) => line.includes("indexed"))).toEqual([]);
});
