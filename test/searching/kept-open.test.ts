import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { search } from "../../src/searching/search.ts";
import { Database } from "../../src/store/database.ts";
import { TableHandle } from "../../src/store/table-handle.ts";
import { docsSite } from "../support/docs-site.ts";

const PAGES = {
  "cats.md": "# Cats\n\nCats sleep on a sofa.\n",
  "dogs.md": "# Dogs\n\nDogs run.\n",
};

const source = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;

/** Indexes a site in a process of its own. */
const CHILD = `
  const { indexSite } = await import("${source("indexing/index-site.ts")}");
  const { configSchema } = await import("${source("providers/load-config.ts")}");
  await indexSite({ config: configSchema.parse(JSON.parse(process.argv[1])) });
`;

const indexElsewhere = (config: ResolvedConfig): Promise<unknown> =>
  promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    CHILD,
    JSON.stringify(config),
  ]);

/** What the same search finds from its words and its vector. */
async function found(config: ResolvedConfig, query: string): Promise<readonly string[]> {
  const { hits, mode } = await search({ config, query, mode: "hybrid" });
  expect(mode).toBe("hybrid");
  return hits.map(({ page, text }) => `${page}: ${text.split("\n").at(-1)}`);
}

test("a search finds what another process has just published, and nothing of before", async () => {
  const site = await docsSite(PAGES);
  await indexSite({ config: site.config });
  expect(await found(site.config, "cats sofa")).toContain("cats.md: Cats sleep on a sofa.");
  await site.write("cats.md", "# Cats\n\nCats sleep on a chair.\n");
  await indexElsewhere(site.config);
  const after = await found(site.config, "cats sofa");
  expect(after[0]).toBe("cats.md: Cats sleep on a chair.");
  expect(after).not.toContain("cats.md: Cats sleep on a sofa.");
}, 120_000);

test("a search finds what is in a store that was deleted and made anew", async () => {
  const site = await docsSite(PAGES);
  await indexSite({ config: site.config });
  await found(site.config, "cats");
  await rm(site.config.store.uri, { recursive: true });
  await expect(found(site.config, "cats")).rejects.toMatchObject({ code: "INDEX_MISSING" });
  await site.write("cats.md", "# Cats\n\nCats climb a tree.\n");
  await indexSite({ config: site.config });
  expect((await found(site.config, "cats"))[0]).toBe("cats.md: Cats climb a tree.");
});

test("a hundred searches, some at once, open the store and the chunks once", async () => {
  const { config } = await docsSite(PAGES);
  await indexSite({ config });
  const connect = vi.spyOn(Database, "connect");
  const checkout = vi.spyOn(TableHandle.prototype, "checkout");
  onTestFinished(() => [connect, checkout].forEach((spy) => spy.mockRestore()));
  for (let round = 0; round < 5; round += 1)
    await Promise.all(Array.from({ length: 20 }, () => found(config, "cats sofa")));
  expect(connect).toHaveBeenCalledTimes(1);
  expect(checkout).toHaveBeenCalledTimes(1);
});
