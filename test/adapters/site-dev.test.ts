import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startDev, type DevSite } from "../../src/adapters/site-dev.ts";
import { SiteInMemory } from "../../src/indexing/site-in-memory.ts";
import type { SiteragConfig } from "../../src/providers/load-config.ts";
import { openReader } from "../../src/reader/open-reader.ts";
import { workHere } from "./work-here.ts";
import { folderWith } from "../support/temporary-folder.ts";

const PAGES = {
  "package.json": "{}",
  "docs/tomato.md": "# Tomatoes\n\nWater the tomatoes in the morning.\n",
  "docs/garden/index.md":
    "# Garden\n\nBeans grow beside the pergola.\n\n## Tools\n\nA rusty spade.\n",
};

const OPTIONS: SiteragConfig = { embedding: { provider: "mock" } };

function recordingLogger() {
  const infos: string[] = [];
  const warnings: string[] = [];
  return {
    infos,
    warnings,
    info: (line: string) => void infos.push(line),
    warn: (line: string) => void warnings.push(line),
  };
}

/** A dev server's site, which is worked at in this thread; it is closed when the test ends. */
async function siteIn(
  root: string,
  options: SiteragConfig = OPTIONS,
  environment: Readonly<Record<string, string>> = {},
) {
  const logger = recordingLogger();
  const site = { host: "test", root, options, found: {}, logger, environment };
  const dev = await startDev(site, workHere());
  onTestFinished(() => dev.close());
  return { dev, logger };
}

/** Resolves after the first update for which the condition holds. */
const updated = (dev: DevSite, isMet: () => Promise<boolean>): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = (): void => void isMet().then((is) => (is ? resolve() : undefined), reject);
    dev.onUpdate(look);
    look();
  });

const manifestOf = async (dev: DevSite): Promise<string> =>
  Buffer.from((await dev.file("index.json")) ?? []).toString();

/** Edits files and waits until other words are served; null deletes a file. */
async function edited(
  dev: DevSite,
  root: string,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
  const before = await manifestOf(dev);
  const isOther = updated(dev, async () => (await manifestOf(dev)) !== before);
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name);
    await (text === null ? rm(path) : writeFile(path, text));
  }
  dev.changed();
  await isOther;
}

const urlsOf = async (dev: DevSite, query: string): Promise<string[]> => {
  const reader = await openReader({ read: (name) => dev.file(name) });
  return (await reader.search(query)).map(({ url }) => url);
};

test("a site in a dev server is searched before anything was indexed", async () => {
  const { dev, logger } = await siteIn(await folderWith(PAGES));
  expect(await urlsOf(dev, "rusty spade")).toEqual(["/garden/#tools"]);
  expect(await urlsOf(dev, "tomatos morning")).toEqual(["/tomato/#tomatoes"]);
  expect(await dev.file("nowhere.txt")).toBeNull();
  expect(await dev.file("")).toBeNull();
  expect(logger.warnings).toEqual([]);
});

test("an edited page is found by its new words, and no more by its old ones", async () => {
  const root = await folderWith(PAGES);
  const { dev } = await siteIn(root);
  expect(await urlsOf(dev, "pergola")).toEqual(["/garden/#garden"]);
  await edited(dev, root, { "docs/garden/index.md": "# Garden\n\nBeans grow on trellises.\n" });
  expect(await urlsOf(dev, "trellises")).toEqual(["/garden/#garden"]);
  expect(await urlsOf(dev, "pergola")).toEqual([]);
});

test("edits in quick succession are one reading, which parses the edited pages alone", async () => {
  const root = await folderWith(PAGES);
  const read = vi.spyOn(SiteInMemory.prototype, "read");
  onTestFinished(() => read.mockRestore());
  const { dev } = await siteIn(root);
  await dev.file("index.json");
  for (let times = 0; times < 5; times += 1) dev.changed();
  await edited(dev, root, { "docs/tomato.md": "# Tomatoes\n\nIn the evening.\n" });
  const parsed = read.mock.results.map(({ value }) => value);
  expect(await Promise.all(parsed)).toEqual([
    new Set(["garden/index.md", "tomato.md"]),
    new Set(["tomato.md"]),
  ]);
});

/** Everything that the server could send, as text. */
async function servedText(dev: DevSite): Promise<string> {
  const texts = new Set<string>();
  const read = async (name: string): Promise<Uint8Array | null> => {
    const bytes = await dev.file(name);
    texts.add(Buffer.from(bytes ?? []).toString("latin1"));
    return bytes;
  };
  const reader = await openReader({ read });
  const pages = await reader.pages();
  await reader.inNewestBuild(async (build) => {
    const numbers = await Promise.all(pages.map(({ id }) => build.sectionsOf(id)));
    return build.texts(numbers.flat());
  });
  return [...texts].join("");
}

test.each([
  ["deleted", null],
  ["made a draft", "---\ndraft: true\n---\n# Garden\n\nBeans grow beside the pergola.\n"],
  ["kept from indexes", "---\nrag: false\n---\n# Garden\n\nBeans grow beside the pergola.\n"],
])("no text of a page that is %s is served any more", async (_, text) => {
  const root = await folderWith(PAGES);
  const { dev } = await siteIn(root);
  expect(await servedText(dev)).toContain("pergola");
  await edited(dev, root, { "docs/garden/index.md": text });
  expect(await servedText(dev)).toContain("morning");
  expect(await servedText(dev)).not.toMatch(/pergola|garden/iu);
});

test("a wrong configuration is a warning, and siterag stays out of the server", async () => {
  const { dev, logger } = await siteIn(await folderWith(PAGES), {
    ...OPTIONS,
    search: { limit: -3 },
  });
  expect(logger.warnings).toEqual([expect.stringMatching(/search\.limit/u)]);
  expect(await dev.file("index.json")).toBeNull();
  expect(dev.results.pages).toEqual([]);
  dev.changed();
});

test("a missing content root is a warning, and the site is read once it is there", async () => {
  const root = await folderWith({ "package.json": "{}" });
  const { dev, logger } = await siteIn(root);
  expect(await dev.file("index.json")).toBeNull();
  expect(logger.warnings).toEqual([expect.stringMatching(/content\.root|docs/u)]);
  await mkdir(join(root, "docs"));
  await edited(dev, root, { "docs/tomato.md": PAGES["docs/tomato.md"] });
  expect(await urlsOf(dev, "morning")).toEqual(["/tomato/#tomatoes"]);
});

test("SITERAG=off leaves siterag out of the server", async () => {
  const { dev, logger } = await siteIn(await folderWith(PAGES), OPTIONS, { SITERAG: "off" });
  expect(await dev.file("index.json")).toBeNull();
  expect([...logger.infos, ...logger.warnings]).toEqual([]);
});

test("by default, a thread does the work: it is told of changes, and it tells of them", async () => {
  const root = await folderWith({
    ...PAGES,
    "docs/broken.md": "---\ntitle: [\n---\n\n# Broken\n",
    "siterag.config.ts": 'export default { embedding: { provider: "mock" } };',
  });
  const logger = recordingLogger();
  const site = { host: "test", root, options: {}, found: {}, logger, environment: {} };
  const dev = await startDev(site);
  expect(await urlsOf(dev, "rusty spade")).toEqual(["/garden/#tools"]);
  await updated(dev, async () => dev.results.pages.length === 3);
  await edited(dev, root, { "docs/garden/index.md": "# Garden\n\nBeans grow on trellises.\n" });
  expect(await urlsOf(dev, "trellises")).toEqual(["/garden/#garden"]);
  await dev.close();
  expect(logger.infos).toContain("search is ready: 3 pages");
  expect(logger.warnings).toEqual([expect.stringContaining("broken.md")]);
}, 60_000);
