import * as lancedb from "@lancedb/lancedb";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { cacheStats, clearCache, pruneCache } from "../../src/upkeep/cache.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { MockGenerator } from "../../src/providers/mock/mock-generator.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { ChunkIndex } from "../../src/store/chunk-index.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { docsSite } from "../support/docs-site.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const DAY_MS = 86_400_000;
const VECTORS = "vectors_mock_mock-embedding_768";

/** A site with two texts and their sentences, and the vector of a text that is in no page any more. */
async function siteWithCache() {
  const { config, write, withConfig } = await docsSite(
    { "a.md": "# A\n\nThe first.\n", "b.md": "# B\n\nThe second.\n" },
    { generation: { enrich: "context" } },
  );
  const clock = createVirtualClock(Date.parse("2026-03-01T00:00:00Z"));
  const run = async () => {
    const client = new MockGeminiClient({ clock, latency: { callMs: 0, jobMs: 0 } });
    const generator = new MockGenerator();
    await indexSite({ config, client, generator, clock });
    const sent = [...client.calls, ...client.jobs].flat().length;
    return { written: generator.requests.length, sent };
  };
  await run();
  await write("b.md", "# B\n\nAnother.\n");
  await run();
  return { config, withConfig, clock, run, write };
}

test("the cache counts its vectors and sentences, and those that an index uses", async () => {
  const { config } = await siteWithCache();
  expect(await cacheStats({ config })).toEqual([
    { table: "contexts", entries: 2, used: 2 },
    { table: VECTORS, entries: 3, used: 2 },
  ]);
});

test("what no index uses goes when it is older than 90 days, and nothing else", async () => {
  const { config, clock, run, write } = await siteWithCache();
  expect(await pruneCache({ config, clock })).toEqual({ removed: 0 });
  clock.advance(91 * DAY_MS);
  await write("c.md", "# C\n\nThe third.\n");
  await run();
  await write("c.md", "# C\n\nThe fourth.\n");
  await run();
  expect(await pruneCache({ config, clock })).toEqual({ removed: 1 });
  const database = await lancedb.connect(config.store.uri);
  for (const name of ["contexts", VECTORS]) {
    // No older version keeps on disk what is gone.
    expect(await (await database.openTable(name)).listVersions()).toHaveLength(1);
  }
  expect(await cacheStats({ config })).toEqual([
    { table: "contexts", entries: 3, used: 3 },
    { table: VECTORS, entries: 4, used: 3 },
  ]);
  await write("b.md", "# B\n\nThe second.\n");
  await write("c.md", "# C\n\nThe third.\n");
  expect(await run()).toEqual({ written: 1, sent: 1 });
});

test("what an index uses stays, even if the configuration that prunes is another", async () => {
  const { withConfig, clock } = await siteWithCache();
  const config = withConfig({});
  clock.advance(91 * DAY_MS);
  expect(await pruneCache({ config, clock })).toEqual({ removed: 1 });
});

test("where no index has sentences any more, old ones are of no use", async () => {
  const { withConfig, clock } = await siteWithCache();
  const config = withConfig({});
  await indexSite({ config, client: new MockGeminiClient({ clock }), clock });
  clock.advance(91 * DAY_MS);
  expect(await pruneCache({ config, clock })).toEqual({ removed: 5 });
});

test("an old vector that is still in service stays", async () => {
  const { config, write, clock } = await siteWithCache();
  await write("b.md", "# B\n\nThe last.\n");
  const client = new MockGeminiClient({ clock, failOn: (text) => text.includes("last") });
  await indexSite({ config, client, generator: new MockGenerator(), clock });
  clock.advance(91 * DAY_MS);
  await pruneCache({ config, clock });
  expect(await cacheStats({ config })).toContainEqual({ table: VECTORS, entries: 2, used: 2 });
});

test("cleared, the cache is empty, and the index as it was", async () => {
  const { config, clock, run } = await siteWithCache();
  expect(await clearCache({ config, clock })).toEqual({ removed: 5 });
  expect(await cacheStats({ config })).toEqual([]);
  expect(await run()).toEqual({ written: 0, sent: 0 });
});

test("nothing is pruned while the index has to be rebuilt, because nobody knows what it uses", async () => {
  const { config } = await docsSite(
    { "a.md": "# A\n\nText.\n" },
    { generation: { enrich: "context" } },
  );
  await indexSite({ config });
  await rm(join(config.store.uri, "chunks.lance/data"), { recursive: true });
  const clock = createVirtualClock(Date.now() + 100 * 24 * 60 * 60 * 1000);
  await expect(pruneCache({ config, clock })).rejects.toThrow(/nothing was pruned\. Run/u);
  expect(await pruneCache({ config, clock })).toEqual({ removed: 0 });
  const rebuilt = await indexSite({ config, generator: new MockGenerator(), clock });
  expect(rebuilt).toMatchObject({ enrichment: { sentences: 0 }, usage: { texts: 0 } });
});

test("a sentence that no index has yet is kept: its run may have died before it wrote rows", async () => {
  const { config } = await docsSite(
    { "a.md": "# A\n\nText.\n" },
    { generation: { enrich: "context" } },
  );
  vi.spyOn(ChunkIndex.prototype, "append").mockRejectedValueOnce(new Error("The run has died."));
  await expect(indexSite({ config })).rejects.toThrow("The run has died.");
  expect(await pruneCache({ config })).toEqual({ removed: 0 });
});

test("so it is after a run over a few other pages", async () => {
  const { config, write } = await docsSite(
    { "a.md": "# A\n\nText.\n" },
    { generation: { enrich: "context" } },
  );
  await indexSite({ config });
  await write("b.md", "# B\n\nThe second.\n");
  vi.spyOn(ChunkIndex.prototype, "append").mockRejectedValueOnce(new Error("The run has died."));
  await expect(indexSite({ config })).rejects.toThrow("The run has died.");
  await write("a.md", "# A\n\nAnother.\n");
  await indexSite({ config, only: ["a.md"] });
  expect(await pruneCache({ config })).toEqual({ removed: 0 });
});

test("nothing is pruned while the index has to be rebuilt, even if another index is whole", async () => {
  const { config, withConfig, write } = await docsSite({ "a.md": "# A\n\nText.\n" });
  await indexSite({ config });
  await write("a.md", "# A\n\nText of a branch.\n");
  await indexSite({ config: withConfig({ store: { index: "branch" } }) });
  await rm(join(config.store.uri, "chunks.lance/data"), { recursive: true });
  const clock = createVirtualClock(Date.now() + 100 * DAY_MS);
  await expect(pruneCache({ config, clock })).rejects.toThrow(/nothing was pruned/u);
  expect(await pruneCache({ config, clock })).toEqual({ removed: 0 });
});
