import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { publishIndex } from "../../src/publishing/publish-index.ts";
import { checkQuestions } from "../../src/searching/check.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { search } from "../../src/searching/search.ts";
import { Database } from "../../src/store/database.ts";
import { withReader } from "../../src/store/index-reader.ts";
import { SearchFiles } from "../../src/store/search-files.ts";
import { searchFilesTable } from "../../src/store/tables.ts";
import { Meta } from "../../src/store/meta.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import { docsSite } from "../support/docs-site.ts";

const PAGES = {
  "apples.md": "# Apples\n\nApples grow on trees.\n",
  "bread.md": "# Bread\n\nRye.\n",
};

/** Leaves an index as an earlier version does, which listed no sections of chunks. */
async function forgetList({ index, uri }: StoreTarget): Promise<void> {
  const database = await Database.connect(uri);
  const meta = new Meta(database);
  const published = await meta.published(index);
  if (published?.search == null) throw new Error("There is no readers' index.");
  await meta.publish(index, { ...published, search: { ...published.search, chunkSections: null } });
  database.close();
}

test("an index of an earlier version is searched by words and published, and the next run completes it unpaid", async () => {
  const { config, folder } = await docsSite(PAGES);
  await indexSite({ config });
  const complete = await search({ config, query: "apples" });
  expect(complete).toMatchObject({ mode: "hybrid", degraded: null });
  await forgetList(config.store);
  expect(await search({ config, query: "apples" })).toMatchObject({
    mode: "text",
    degraded: expect.stringContaining("run `siterag index`"),
    hits: [{ url: "/apples/#apples" }],
  });
  expect(await search({ config, query: "apples", mode: "text" })).toMatchObject({ degraded: null });
  const file = join(folder, "questions.json");
  await writeFile(file, '[{ "question": "apples", "pages": ["apples.md"] }]');
  expect(await checkQuestions({ config, file })).toMatchObject({
    degraded: expect.stringContaining("an earlier version"),
    modes: { hybrid: null, vector: null, text: { recall: 1 } },
  });
  const client = new MockGeminiClient({});
  const embed = vi.spyOn(client, "embed");
  await search({ config, query: "apples", client });
  expect(embed).not.toHaveBeenCalled();
  expect(await publishIndex({ config, out: join(folder, "out") })).toMatchObject({ pages: 2 });
  expect((await indexSite({ config })).usage.texts).toBe(0);
  expect(await search({ config, query: "apples" })).toEqual(complete);
  const { search: published } = await withReader(config.store, async (reader) => reader.published);
  expect(published?.chunkSections).toMatch(/\.sections$/u);
});

const listOf = (target: StoreTarget): Promise<string> =>
  withReader(target, async ({ published }) => published.search?.chunkSections ?? "");

test.each([
  ["lost", null],
  ["damaged", new Uint8Array([0, 1, 2, 3, 4, 5])],
])("a list that is %s is made again by the next run, unpaid", async (_, bytes) => {
  const { config } = await docsSite(PAGES);
  await indexSite({ config });
  const name = await listOf(config.store);
  const database = (await Database.connect(config.store.uri)).guardedBy(async () => {});
  await (await database.openOrReplace(searchFilesTable)).delete(`name = '${name}'`);
  if (bytes !== null) await new SearchFiles(database, config.store.index).add([{ name, bytes }]);
  database.close();
  await expect(search({ config, query: "apples" })).rejects.toMatchObject({ code: "STORE_FAILED" });
  expect((await indexSite({ config })).usage.texts).toBe(0);
  expect(await search({ config, query: "apples" })).toMatchObject({
    mode: "hybrid",
    degraded: null,
    hits: [{ url: "/apples/#apples" }, { url: "/bread/#bread" }],
  });
});
