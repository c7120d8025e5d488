import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { interfaceFiles } from "../../src/publishing/interface-files.ts";
import { sha256Letters } from "../../src/publishing/name-files.ts";
import { publishIndex } from "../../src/publishing/publish-index.ts";
import { openReader } from "../../src/reader/open-reader.ts";
import { withReader } from "../../src/store/index-reader.ts";
import { dieAfter } from "../support/die-after.ts";
import { docsSite } from "../support/docs-site.ts";
import { remainsIn } from "../support/store-remains.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const PAGES = {
  "apples.md": "# Apples\n\nApples grow on trees.\n\n## Storing apples\n\nKeep them cool.\n",
  "bread.md": "# Bread\n\nBread is baked of flour.\n",
};

const out = async (): Promise<string> => join(await temporaryFolder(), "dist/siterag");

/** Every file of a folder with its text, a character for each byte. */
const filesIn = async (folder: string): Promise<Map<string, string>> =>
  new Map(
    await Array.fromAsync((await readdir(folder)).sort(), async (name) => {
      return [name, await readFile(join(folder, name), "latin1")] as const;
    }),
  );

/** The URLs that a search of a published folder finds. */
async function urlsIn(folder: string, query: string): Promise<string[]> {
  const hits = await (await openReader(folder)).search(query);
  return hits.map(({ url }) => url);
}

const publishedState = (config: ResolvedConfig) =>
  withReader(config.store, async ({ published }) => published.search);

const storedNames = (config: ResolvedConfig) =>
  withReader(config.store, ({ searchFiles }) => searchFiles.names());

test("what is published answers questions without the store, and the same site gives the same bytes", async () => {
  const one = await docsSite(PAGES);
  const other = await docsSite(PAGES);
  const folders = [await out(), await out()];
  await indexSite({ config: one.config });
  await indexSite({ config: other.config });
  const report = await publishIndex({ config: one.config, out: folders[0] ?? "" });
  await publishIndex({ config: other.config, out: folders[1] ?? "" });
  const files = await filesIn(folders[0] ?? "");
  expect(await filesIn(folders[1] ?? "")).toEqual(files);
  expect(report).toEqual({
    out: folders[0],
    pages: 2,
    sections: 3,
    files: files.size,
    bytes: [...files.values()].join("").length,
    written: files.size,
    removed: 0,
  });
  await rm(one.folder, { recursive: true });
  await mkdir(one.folder);
  expect(await urlsIn(folders[0] ?? "", "storing apples")).toContain("/apples/#storing-apples");
});

test("publishing again writes nothing, and leaves what others have put there", async () => {
  const { config } = await docsSite(PAGES);
  await indexSite({ config });
  const folder = await out();
  await publishIndex({ config, out: folder });
  await writeFile(join(folder, "aaaaaaaaaa.txt"), "A note of another program.");
  await writeFile(join(folder, "index.html"), "A page.");
  const before = await filesIn(folder);
  expect(await publishIndex({ config, out: folder })).toMatchObject({ written: 0, removed: 0 });
  expect(await filesIn(folder)).toEqual(before);
});

test("the scripts of the search box stand beside the index, and those of an older siterag go", async () => {
  const { config } = await docsSite(PAGES);
  await indexSite({ config });
  const folder = await out();
  await mkdir(folder, { recursive: true });
  const old = "export const version = 1;";
  const oldName = `${sha256Letters(Buffer.from(old)).slice(0, 8)}.js`;
  await writeFile(join(folder, oldName), old);
  await writeFile(join(folder, "search.js"), "old");
  await writeFile(join(folder, "abcdefgh.js"), "A script of the site.");
  expect(await publishIndex({ config, out: folder })).toMatchObject({ removed: 1 });
  const files = await filesIn(folder);
  expect(files.has(oldName)).toBe(false);
  expect(files.get("abcdefgh.js")).toBe("A script of the site.");
  for (const { bytes, name } of await interfaceFiles())
    expect(files.get(name), name).toBe(Buffer.from(bytes).toString("latin1"));
  const named = [...(files.get("search.js") ?? "").matchAll(/import\(["'`]\.\/([^"'`?]+)/g)];
  expect(named).not.toHaveLength(0);
  expect(named.filter(([, name]) => !files.has(name ?? ""))).toEqual([]);
});

test("an index.json of another program stays, and the message names it", async () => {
  const { config } = await docsSite(PAGES);
  await indexSite({ config });
  const folder = await temporaryFolder();
  const file = join(folder, "index.json");
  for (const foreign of ['{"pages":[]}', "[]", ""]) {
    await writeFile(file, foreign);
    await expect(publishIndex({ config, out: folder })).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining(file),
    });
    expect(await filesIn(folder)).toEqual(new Map([["index.json", foreign]]));
  }
  await writeFile(file, '{"format":0,"sections":1}');
  expect(await publishIndex({ config, out: folder })).toMatchObject({ pages: 2 });
});

test("the files of the last two builds stay, in the store and in the folder, and no others", async () => {
  const site = await docsSite(PAGES);
  const folder = await out();
  const builds: string[][] = [];
  for (const flour of ["rye", "wheat", "oats"]) {
    await site.write("bread.md", `# Bread\n\nBread is baked of ${flour}.\n`);
    await indexSite({ config: site.config });
    await publishIndex({ config: site.config, out: folder });
    const own = await out();
    await publishIndex({ config: site.config, out: own });
    builds.push((await readdir(own)).filter((name) => name !== "index.json"));
  }
  const [first = [], ...lastTwo] = builds;
  const kept = new Set(lastTwo.flat());
  expect(first.every((name) => kept.has(name))).toBe(false);
  const names = new Set((await readdir(folder)).filter((name) => name !== "index.json"));
  expect(names).toEqual(kept);
  const stored = [...(await storedNames(site.config))];
  const published = [...kept].filter((name) => !name.endsWith(".js"));
  expect(new Set(stored.filter((name) => name.endsWith(".txt")))).toEqual(new Set(published));
  // Which sections lie in each chunk: of the last build alone, whose vectors are there.
  const lists = stored.filter((name) => name.endsWith(".sections"));
  expect(lists).toEqual([(await publishedState(site.config))?.chunkSections]);
  expect(await urlsIn(folder, "oats")).toEqual(["/bread/#bread"]);
});

test.each([
  ["is deleted", null],
  ["is a draft now", "---\ndraft: true\n---\n\n# Quokka\n\nThe zanzibarium is here.\n"],
  ["is commented out", "# Page\n\nIt stays.\n\n<!-- The zanzibarium is here. -->\n"],
  ["is deleted beside an edit", "# Page\n\nIt stays as it was.\n\nThis is new here.\n"],
])("text that %s is in no file of the store nor of the folder", async (_, now) => {
  const page = "# Page\n\nIt stays.\n\nThe zanzibarium is here.\n";
  const site = await docsSite({ ...PAGES, "page.md": page });
  const folder = await out();
  await indexSite({ config: site.config });
  await publishIndex({ config: site.config, out: folder });
  expect((await remainsIn(folder, "zanzibarium")).withWord).not.toEqual([]);
  expect((await remainsIn(site.config.store.uri, "zanzibarium")).withWord).not.toEqual([]);
  await (now === null ? site.remove("page.md") : site.write("page.md", now));
  await indexSite({ config: site.config });
  expect((await remainsIn(site.config.store.uri, "zanzibarium")).withWord).toEqual([]);
  await publishIndex({ config: site.config, out: folder });
  expect((await remainsIn(folder, "zanzibarium")).withWord).toEqual([]);
  expect(await urlsIn(folder, "flour")).toEqual(["/bread/#bread"]);
});

test("an unchanged site writes no file of the readers' index", async () => {
  const { config } = await docsSite(PAGES);
  await indexSite({ config });
  const before = await publishedState(config);
  const count = dieAfter(Number.POSITIVE_INFINITY, ["append", "upsert", "delete", "compact"]);
  await indexSite({ config });
  expect(count.writes).toBe(0);
  expect(await publishedState(config)).toEqual(before);
});

test("a run that dies between any two writes leaves readers on the old index, whole, or on the new one", async () => {
  const first = await docsSite(PAGES);
  await indexSite({ config: first.config });
  const old = await publishedState(first.config);
  const seen = new Set<boolean>();
  for (let most = 0, isDead = true; isDead; most += 1) {
    const site = await docsSite(PAGES);
    await cp(first.config.store.uri, site.config.store.uri, { recursive: true });
    await site.remove("bread.md");
    await site.write("cheese.md", "# Cheese\n\nCheese is made of milk.\n");
    dieAfter(most, ["append", "upsert", "upsertIf", "delete", "compact", "prune"]);
    isDead = await indexSite({ config: site.config }).then(
      () => false,
      () => true,
    );
    vi.restoreAllMocks();
    const isOld = (await publishedState(site.config))?.manifest === old?.manifest;
    seen.add(isOld);
    const folder = await out();
    await publishIndex({ config: site.config, out: folder });
    const reader = await openReader(folder);
    const found = async (query: string) => (await reader.search(query)).map(({ page }) => page);
    expect(await found("flour"), `after ${most} writes`).toEqual(isOld ? ["bread.md"] : []);
    expect(await found("milk"), `after ${most} writes`).toEqual(isOld ? [] : ["cheese.md"]);
    // The next run cleans up, whatever is left.
    await indexSite({ config: site.config });
    expect((await remainsIn(site.config.store.uri, "flour")).withWord).toEqual([]);
  }
  expect(seen).toEqual(new Set([true, false]));
}, 120_000);

test.each(["deleted", "damaged"])("files that are %s are made again, unpaid", async (what) => {
  const { config } = await docsSite(PAGES);
  await indexSite({ config });
  const before = await publishedState(config);
  const table = join(config.store.uri, "search_files.lance");
  await rm(what === "deleted" ? table : join(table, "data"), { recursive: true });
  await expect(publishIndex({ config, out: await out() })).rejects.toMatchObject({
    code: "STORE_FAILED",
    message: expect.stringContaining("siterag index"),
  });
  const { usage, warnings } = await indexSite({ config });
  expect(usage.texts).toBe(0);
  expect(warnings).toEqual([expect.stringContaining("search_files")]);
  expect(await publishedState(config)).toEqual(before);
  expect(await publishIndex({ config, out: await out() })).toMatchObject({ pages: 2 });
});

test("before the first run there is nothing to publish, and the message names the command", async () => {
  const { config } = await docsSite(PAGES);
  await expect(publishIndex({ config, out: await out() })).rejects.toMatchObject({
    code: "INDEX_MISSING",
    message: expect.stringContaining("siterag index"),
  });
});

test("a folder that cannot be written is named", async () => {
  const { config, folder } = await docsSite(PAGES);
  await indexSite({ config });
  const file = join(folder, "file");
  await writeFile(file, "");
  await expect(publishIndex({ config, out: join(file, "siterag") })).rejects.toMatchObject({
    code: "STORE_FAILED",
    message: expect.stringContaining(join(file, "siterag")),
  });
});
