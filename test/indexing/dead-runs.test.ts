import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { KeyedCache } from "../../src/store/keyed-cache.ts";
import { cacheStats } from "../../src/upkeep/cache.ts";
import { dieAfter } from "../support/die-after.ts";
import { docsSite } from "../support/docs-site.ts";
import { remainsIn } from "../support/store-remains.ts";

const WRITES = ["append", "set", "upsert", "upsertIf", "delete", "compact", "prune"] as const;
const WORDS = ["uokka", "zanzibarium", "ombat", "yellowstonium"];
const PAGE = "# Quokka\n\nThe zanzibarium stands here.\n";
const STAYS = { "stays.md": "# Stays\n\nIt stays.\n" };
const SETTINGS = { generation: { enrich: "context" } } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

test("no file has a word of pages that went while a run died, nor of those that it alone saw", async () => {
  const pages = { ...STAYS, "gone.md": PAGE };
  const first = await docsSite(pages, SETTINGS);
  await indexSite({ config: first.config });
  for (let most = 0, isDead = true; isDead; most += 1) {
    const site = await docsSite(pages, SETTINGS);
    await cp(first.config.store.uri, site.config.store.uri, { recursive: true });
    await site.remove("gone.md");
    await site.write("seen.md", "# Wombat\n\nThe yellowstonium stands here.\n");
    dieAfter(most, WRITES);
    isDead = await indexSite({ config: site.config }).then(
      () => false,
      () => true,
    );
    vi.restoreAllMocks();
    await site.remove("seen.md");
    await indexSite({ config: site.config });
    const { withWord } = await remainsIn(site.config.store.uri, ...WORDS);
    expect(withWord, `after ${most} writes`).toEqual([]);
    expect((await cacheStats({ config: site.config }))[0]).toMatchObject({ entries: 1, used: 1 });
  }
}, 300_000);

test("a run that changes nothing deletes the files of writes that were cut off", async () => {
  const site = await docsSite(STAYS, SETTINGS);
  await indexSite({ config: site.config });
  const { uri } = site.config.store;
  const files = ["chunks", "pages"].map((name) =>
    join(uri, `${name}.lance/data/${"0".repeat(50)}.lance`),
  );
  const index = join(uri, "chunks.lance/_indices/0b4d2a83-9b1c-4b11-8a60-2f4b0c9d8e71");
  await mkdir(index, { recursive: true });
  files.push(join(index, "part_0_tokens.lance"));
  for (const file of files) await writeFile(file, PAGE);
  expect(await indexSite({ config: site.config })).toMatchObject({ chunks: { reused: 1 } });
  expect((await remainsIn(uri, ...WORDS)).withWord).toEqual([]);
  expect((await indexSite({ config: site.config })).chunks).toMatchObject({ reused: 1 });
});

test("the next whole run deletes the file of a sentence whose commit was cut off", async () => {
  const site = await docsSite(STAYS, SETTINGS);
  await indexSite({ config: site.config });
  await site.write("gone.md", PAGE);
  const file = join(site.config.store.uri, `contexts.lance/data/${"0".repeat(50)}.lance`);
  vi.spyOn(KeyedCache.prototype, "commit").mockImplementationOnce(async () => {
    await writeFile(file, PAGE);
    throw new Error("The run is dead.");
  });
  await expect(indexSite({ config: site.config })).rejects.toThrow("The run is dead.");
  await site.remove("gone.md");
  await indexSite({ config: site.config });
  expect((await remainsIn(site.config.store.uri, ...WORDS)).withWord).toEqual([]);
});

test("what a run deletes that another has left are not the sentences on their way into another index", async () => {
  const site = await docsSite({ ...STAYS, "gone.md": PAGE }, SETTINGS);
  const branch = site.withConfig({ ...SETTINGS, store: { index: "branch" } });
  const only = site.withConfig({ ...SETTINGS, content: { exclude: ["gone.md"] } });
  // The sentences are committed then, and no vector is.
  const die = () =>
    vi.spyOn(KeyedCache.prototype, "compact").mockRejectedValueOnce(new Error("It is dead."));
  die();
  await expect(indexSite({ config: only })).rejects.toThrow("It is dead.");
  die();
  await expect(indexSite({ config: branch })).rejects.toThrow("It is dead.");
  await indexSite({ config: only });
  expect(await indexSite({ config: branch })).toMatchObject({ enrichment: { sentences: 0 } });
});
