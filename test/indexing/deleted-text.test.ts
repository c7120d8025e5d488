import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { search } from "../../src/searching/search.ts";
import { KeyedCache } from "../../src/store/keyed-cache.ts";
import { Meta } from "../../src/store/meta.ts";
import { StoreTable } from "../../src/store/store-table.ts";
import { cacheStats, pruneCache } from "../../src/upkeep/cache.ts";
import { docsSite } from "../support/docs-site.ts";
import { NOTHING, remainsIn } from "../support/store-remains.ts";

const PAGE = "# Quokka\n\nThe zanzibarium stands here.\n";
const WORDS = ["Quokka", "quokka", "zanzibarium"];

afterEach(() => {
  vi.restoreAllMocks();
});

/** Forty pages, few of which go: LanceDB clears a file only when a tenth of its rows is deleted. */
const OTHERS = Object.fromEntries(
  Array.from({ length: 40 }, (_, at) => [`p${at}.md`, `# P${at}\n\nText ${at}.\n`]),
);

test("pages that are deleted, drafts, ignored or excluded leave no word in any file of the store", async () => {
  const names = ["gone.md", "draft.md", "ignored.md", "excluded.md"];
  const site = await docsSite({
    ...OTHERS,
    ...Object.fromEntries(names.map((name) => [name, PAGE])),
  });
  const { uri } = site.config.store;
  await indexSite({ config: site.config });
  expect((await remainsIn(uri, ...WORDS)).withWord).not.toEqual([]);
  await site.remove("gone.md");
  await site.write("draft.md", `---\ndraft: true\n---\n${PAGE}`);
  await writeFile(join(site.folder, "docs/.siteragignore"), "ignored.md\n");
  const config = site.withConfig({ content: { exclude: ["excluded.md"] } });
  expect((await indexSite({ config })).chunks.deleted).toBe(4);
  expect(await remainsIn(uri, ...WORDS, ...names)).toEqual(NOTHING);
  const { hits } = await search({ config, query: "text", mode: "text" });
  expect(hits).toHaveLength(10);
});

test("after the last page, too, no word is left", async () => {
  const site = await docsSite({ "gone.md": PAGE });
  await indexSite({ config: site.config });
  await indexSite({ config: site.withConfig({ content: { exclude: ["gone.md"] } }) });
  expect(await remainsIn(site.config.store.uri, ...WORDS)).toEqual(NOTHING);
});

const generation = { enrich: "context" } as const;
const ENRICHED = { "gone.md": PAGE, "stays.md": "# Stays\n\nIt stays.\n" };

test("a sentence of context goes when no index of the store has its chunk any more", async () => {
  const site = await docsSite(ENRICHED, { generation });
  const branch = site.withConfig({ generation, store: { index: "branch" } });
  await indexSite({ config: site.config });
  await indexSite({ config: branch });
  await site.remove("gone.md");
  await indexSite({ config: site.config });
  const sentences = async () => (await cacheStats({ config: site.config }))[0];
  expect(await sentences()).toMatchObject({ table: "contexts", entries: 2, used: 2 });
  await indexSite({ config: branch });
  expect(await sentences()).toMatchObject({ entries: 1, used: 1 });
  expect(await remainsIn(branch.store.uri, ...WORDS)).toEqual(NOTHING);
});

test("a sentence of a model that is no longer asked goes with its chunk, and not before", async () => {
  const site = await docsSite(ENRICHED, { generation });
  await indexSite({ config: site.config });
  const without = site.withConfig({});
  await indexSite({ config: without });
  await site.write("stays.md", "# Stays\n\nIt has changed.\n");
  await indexSite({ config: without });
  expect((await cacheStats({ config: without }))[0]).toMatchObject({ entries: 1 });
  await site.remove("gone.md");
  await indexSite({ config: without });
  expect(await remainsIn(without.store.uri, ...WORDS)).toEqual(NOTHING);
});

test("pruning removes what an older version of siterag left of a page", async () => {
  const site = await docsSite({ ...OTHERS, "gone.md": PAGE }, { generation });
  await indexSite({ config: site.config });
  await site.remove("gone.md");
  const methods = [
    vi.spyOn(StoreTable.prototype, "compact"),
    vi.spyOn(KeyedCache.prototype, "remove"),
  ];
  for (const method of methods) method.mockResolvedValue();
  await indexSite({ config: site.config });
  vi.restoreAllMocks();
  expect((await remainsIn(site.config.store.uri, ...WORDS)).deletionFiles).not.toEqual([]);
  expect(await pruneCache({ config: site.config })).toEqual({ removed: 1 });
  expect(await remainsIn(site.config.store.uri, ...WORDS)).toEqual(NOTHING);
  expect((await indexSite({ config: site.config })).chunks).toMatchObject({
    total: 40,
    reused: 40,
  });
});

test("a run that dies behind the readers' pin leaves its words to the next run, which changes nothing", async () => {
  const site = await docsSite({ ...OTHERS, "gone.md": PAGE });
  await indexSite({ config: site.config });
  await site.remove("gone.md");
  const publish: unknown = Reflect.get(Meta.prototype, "publish");
  if (typeof publish !== "function") throw new TypeError("Meta has no publish.");
  vi.spyOn(Meta.prototype, "publish").mockImplementationOnce(function (
    this: unknown,
    ...given: readonly unknown[]
  ): Promise<void> {
    vi.spyOn(StoreTable.prototype, "prune").mockRejectedValueOnce(new Error("The run has died."));
    return Promise.resolve(Reflect.apply(publish, this, given));
  });
  await expect(indexSite({ config: site.config })).rejects.toThrow("The run has died.");
  expect((await remainsIn(site.config.store.uri, ...WORDS)).withWord).not.toEqual([]);
  expect((await indexSite({ config: site.config })).chunks).toMatchObject({ added: 0, deleted: 0 });
  expect((await remainsIn(site.config.store.uri, ...WORDS)).withWord).toEqual([]);
});

test("a branch whose index is damaged keeps its sentences, and is in no other branch's way", async () => {
  const site = await docsSite(ENRICHED, { generation });
  const branch = site.withConfig({ generation, store: { index: "branch" } });
  await indexSite({ config: site.config });
  await indexSite({ config: branch });
  await rm(join(branch.store.uri, "branch.lance/data"), { recursive: true });
  await site.remove("gone.md");
  expect(await indexSite({ config: site.config })).toMatchObject({ chunks: { deleted: 1 } });
  await site.write("gone.md", PAGE);
  expect(await indexSite({ config: branch })).toMatchObject({ enrichment: { sentences: 0 } });
});

test("where sentences are forgotten, no text is read of the chunks that a run leaves alone", async () => {
  const site = await docsSite({ ...OTHERS, "gone.md": PAGE }, { generation });
  await indexSite({ config: site.config });
  await site.write("gone.md", "# Quokka\n\nIt stands elsewhere now.\n");
  const read: unknown[] = [];
  const scan: unknown = Reflect.get(StoreTable.prototype, "scan");
  if (typeof scan !== "function") throw new TypeError("StoreTable has no scan.");
  vi.spyOn(StoreTable.prototype, "scan").mockImplementation(async function* spied(
    this: unknown,
    ...given
  ) {
    for await (const row of Reflect.apply(scan, this, given)) {
      // The readers' index is made from whole rows.
      if ("text" in row && !("id" in row)) read.push(row.text);
      yield row;
    }
  });
  expect(await indexSite({ config: site.config })).toMatchObject({ chunks: { total: 41 } });
  expect(new Set(read)).toEqual(new Set(["# Quokka\n\nThe zanzibarium stands here."]));
});
