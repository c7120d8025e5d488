import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { startDev, type DevSite } from "../../src/adapters/site-dev.ts";
import type { SiteragConfig } from "../../src/providers/load-config.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { publishIndex } from "../../src/publishing/publish-index.ts";
import { answerQueries } from "../../src/searching/answers.ts";
import { relatedOfAll } from "../../src/searching/related.ts";
import { KeyedCache } from "../../src/store/keyed-cache.ts";
import { MemoryIndex } from "../../src/store/memory-index.ts";
import { withView, withWriter } from "../../src/store/open-store.ts";
import { systemClock } from "../../src/words/system-clock.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { workHere } from "./work-here.ts";
import { docsSite, type DocsSite } from "../support/docs-site.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const PAGES = {
  "apples.md":
    "# Apples\n\nApples grow on trees in the garden.\n\n## Storing apples\n\nKeep apples cool.\n",
  "bread.md": "# Bread\n\nBread is baked of flour.\n",
  "pears.md": "# Pears\n\nPears grow on trees in the garden.\n",
};

const EDITED = "# Bread\n\nPears and bread grow on trees in the garden.\n";

/** Every file below a folder with its content, a character for each byte. */
async function filesBelow(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const read = async (path: string) =>
    [path.slice(folder.length), await readFile(path, "latin1")] as const;
  return new Map(await Promise.all(paths.sort().map(read)));
}

const WAIT = { timeout: 20_000, interval: 50 };

interface Opened {
  readonly dev: DevSite;
  readonly client: MockGeminiClient;
  readonly infos: string[];
  readonly warnings: string[];
  /** Resolves once the condition holds after an update. */
  readonly until: (isMet: () => boolean) => Promise<void>;
}

/** The site in a dev server whose time jumps; it is closed when the test ends. */
async function opened({ folder }: DocsSite, options: SiteragConfig = {}): Promise<Opened> {
  const infos: string[] = [];
  const warnings: string[] = [];
  const logger = {
    info: (line: string) => void infos.push(line),
    warn: (line: string) => void warnings.push(line),
  };
  const clock = createVirtualClock(Date.now());
  const client = new MockGeminiClient({ clock });
  const all = { embedding: { provider: "mock" }, store: { uri: "db" }, ...options } as const;
  const site = { host: "test", root: folder, options: all, found: {}, logger, environment: {} };
  const dev = await startDev(site, workHere({ client, clock }));
  onTestFinished(() => dev.close());
  const until = (isMet: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => (isMet() ? resolve() : undefined);
      dev.onUpdate(look);
      look();
    });
  return { dev, client, infos, warnings, until };
}

const relatedTo = (dev: DevSite, page: string): string[] | undefined =>
  dev.results.pages.find((one) => one.page === page)?.related.map((near) => near.page);

test("related pages and answers come from stored vectors, at no call and under another's lock", async () => {
  const search = { queries: ["apple trees"] };
  const site = await docsSite(PAGES, { search });
  const { config } = site;
  await indexSite({ config });
  const client = new MockGeminiClient();
  const { answers } = await answerQueries({ config, client });
  const pages = await relatedOfAll(config.store);
  const target = { target: config.store, space: client.space, clock: systemClock };
  await withWriter(target, async () => {
    const before = await filesBelow(site.folder);
    const { dev, until, ...told } = await opened(site, { search });
    await until(() => dev.results.answers.length > 0);
    expect(dev.results).toMatchObject({ pages, answers, related: 5 });
    expect(answers).toMatchObject([{ mode: "hybrid", degraded: null }]);
    await site.write("bread.md", EDITED);
    dev.changed();
    await until(() => relatedTo(dev, "bread.md") !== undefined);
    await dev.close();
    expect(told.client.calls).toEqual([]);
    expect(told.warnings).toEqual([]);
    await site.write("bread.md", PAGES["bread.md"]);
    expect(await filesBelow(site.folder)).toEqual(before);
  });
});

test("the files are those that a build of the same pages publishes, byte for byte", async () => {
  const site = await docsSite(PAGES);
  const { dev, until } = await opened(site);
  await until(() => dev.results.pages.length === 3);
  await site.write("bread.md", EDITED);
  const before = Buffer.from((await dev.file("index.json")) ?? []);
  dev.changed();
  await vi.waitFor(async () => {
    expect(before.equals((await dev.file("index.json")) ?? before)).toBe(false);
  }, WAIT);
  await indexSite({ config: site.config });
  const out = join(site.folder, "out");
  await publishIndex({ config: site.config, out });
  for (const name of await readdir(out)) {
    expect(Buffer.from((await dev.file(name)) ?? []).equals(await readFile(join(out, name)))).toBe(
      true,
    );
  }
});

test("a renamed page has related pages at once: its vectors are paid for", async () => {
  const site = await docsSite(PAGES);
  await indexSite({ config: site.config });
  const { client, dev, until } = await opened(site);
  await until(() => relatedTo(dev, "pears.md")?.[0] === "apples.md");
  await site.remove("apples.md");
  await site.write("fruit/apples.md", PAGES["apples.md"]);
  dev.changed();
  await until(() => relatedTo(dev, "pears.md")?.[0] === "fruit/apples.md");
  expect(relatedTo(dev, "fruit/apples.md")?.[0]).toBe("pears.md");
  expect(JSON.stringify(dev.results)).not.toContain('"apples.md"');
  expect(client.calls).toEqual([]);
});

test("without an index there are words alone, which is said once, and nothing is embedded", async () => {
  const site = await docsSite(PAGES);
  const { client, dev, infos, until, warnings } = await opened(site, { dev: { embed: true } });
  await until(() => dev.results.pages.length === 3);
  for (const page of ["figs.md", "plums.md"]) {
    await site.write(page, "# New\n\nAnother page.\n");
    dev.changed();
    await until(() => relatedTo(dev, page) !== undefined);
  }
  await dev.close();
  expect(dev.results.pages.flatMap(({ related }) => related)).toEqual([]);
  expect(infos.filter((line) => line.includes("siterag index"))).toHaveLength(1);
  expect([client.calls, warnings]).toEqual([[], []]);
  expect((await readdir(site.folder)).sort()).toEqual(["docs"]);
});

const EMBED = { dev: { embed: true } } as const;

test("edited texts alone are embedded, and their vectors are all that is written", async () => {
  const site = await docsSite(PAGES);
  const { config } = site;
  await indexSite({ config });
  const db = join(site.folder, "db");
  const before = await filesBelow(db);
  const { client, dev, infos, until, warnings } = await opened(site, EMBED);
  await until(() => relatedTo(dev, "pears.md")?.[0] === "apples.md");
  await site.write("bread.md", EDITED);
  for (let times = 0; times < 5; times += 1) dev.changed();
  await until(() => infos.some((line) => line.startsWith("embedded")));
  await until(() => relatedTo(dev, "pears.md")?.[0] === "bread.md");
  await dev.close();
  expect(client.calls).toEqual([[expect.stringContaining("Pears and bread")]]);
  expect(infos.filter((line) => line.startsWith("embedded"))).toEqual(["embedded 1 edited text"]);
  expect(warnings).toEqual([]);
  const isOfVectors = (path: string): boolean => path.startsWith(`${sep}vectors_`);
  const after = await filesBelow(db);
  const others = (files: Map<string, string>) => [...files].filter(([path]) => !isOfVectors(path));
  expect(others(after)).toEqual(others(before));
  const report = await indexSite({ config });
  expect([report.usage.texts, report.usage.cacheHits]).toEqual([0, 1]);
  expect(dev.results.pages).toEqual(await relatedOfAll(config.store));
});

test("an answer is committed before anything else uses it", async () => {
  const site = await docsSite(PAGES);
  const { config } = site;
  await indexSite({ config });
  const { client, dev, until } = await opened(site, EMBED);
  await until(() => dev.results.pages.length === 3);
  const uncommitted: string[] = [];
  const write: unknown = Reflect.get(MemoryIndex.prototype, "write");
  if (typeof write !== "function") throw new TypeError("MemoryIndex has no write.");
  vi.spyOn(MemoryIndex.prototype, "write").mockImplementation(async function (
    this: MemoryIndex,
    ...given
  ) {
    const own = given[0].filter((row) => row.vectorFingerprint === row.fingerprint);
    const target = { target: config.store, space: client.space, clock: systemClock };
    const present = await withView(target, ({ cache }) =>
      cache.present(own.map(({ fingerprint }) => fingerprint)),
    );
    uncommitted.push(...own.filter((row) => !present.has(row.fingerprint)).map(({ id }) => id));
    await Reflect.apply(write, this, given);
  });
  await site.write("bread.md", EDITED);
  dev.changed();
  await until(() => relatedTo(dev, "pears.md")?.[0] === "bread.md");
  expect(client.calls).toHaveLength(1);
  expect(uncommitted).toEqual([]);
});

test("what a dev server sends stays under the budget, all edits together", async () => {
  const site = await docsSite(PAGES);
  await indexSite({ config: site.config });
  const { client, dev, infos, until, warnings } = await opened(site, {
    ...EMBED,
    budget: { maxRequests: 1 },
  });
  await until(() => dev.results.pages.length === 3);
  await site.write("bread.md", EDITED);
  dev.changed();
  await until(() => infos.includes("embedded 1 edited text"));
  await site.write("pears.md", "# Pears\n\nOther pears.\n");
  dev.changed();
  await vi.waitFor(() => expect(warnings).toHaveLength(1), WAIT);
  expect(warnings).toEqual([expect.stringMatching(/budget\.maxRequests: 1/u)]);
  expect(client.calls).toHaveLength(1);
});

test("while another run writes, edited texts wait, and their words are found", async () => {
  const site = await docsSite(PAGES);
  const { config } = site;
  await indexSite({ config });
  const { client, dev, until, warnings } = await opened(site, EMBED);
  await until(() => dev.results.pages.length === 3);
  const target = { target: config.store, space: client.space, clock: systemClock };
  await withWriter(target, async () => {
    const before = await dev.file("index.json");
    await site.write("bread.md", EDITED);
    dev.changed();
    await vi.waitFor(() => expect(warnings).toHaveLength(1), WAIT);
    expect(warnings).toEqual([expect.stringMatching(/no vectors yet: .*process/u)]);
    expect(client.calls).toEqual([]);
    expect(await dev.file("index.json")).not.toEqual(before);
  });
  dev.changed();
  await site.write("pears.md", PAGES["pears.md"].replace("Pears grow", "Pears also grow"));
  dev.changed();
  await vi.waitFor(() => expect(client.calls).toHaveLength(1), WAIT);
  expect(client.calls[0]).toHaveLength(2);
});

test("a server that dies while it commits leaves a store that is whole, and pays for no vector twice", async () => {
  const site = await docsSite(PAGES);
  const { config } = site;
  await indexSite({ config });
  const db = join(site.folder, "db");
  const before = await filesBelow(db);
  const { client, dev, until, warnings } = await opened(site, EMBED);
  await until(() => dev.results.pages.length === 3);
  const dead = vi.spyOn(KeyedCache.prototype, "commit").mockRejectedValue(new Error("Dead."));
  await site.write("bread.md", EDITED);
  dev.changed();
  await vi.waitFor(() => expect(warnings).toHaveLength(1), WAIT);
  expect(relatedTo(dev, "pears.md")?.[0]).toBe("apples.md");
  expect(await filesBelow(db)).toEqual(before);
  dead.mockRestore();
  await site.write("bread.md", `${EDITED}\n`);
  dev.changed();
  await until(() => relatedTo(dev, "pears.md")?.[0] === "bread.md");
  await dev.close();
  expect(client.calls).toHaveLength(2);
  expect(await indexSite({ config })).toMatchObject({ usage: { texts: 0 }, warnings: [] });
});
