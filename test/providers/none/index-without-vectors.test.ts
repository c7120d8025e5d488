import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { planSite } from "../../../src/indexing/plan-site.ts";
import { MockGeminiClient } from "../../../src/providers/mock/mock-gemini-client.ts";
import { noneClient } from "../../../src/providers/none/none-client.ts";
import { answerQueries } from "../../../src/searching/answers.ts";
import { checkQuestions } from "../../../src/searching/check.ts";
import { related } from "../../../src/searching/related.ts";
import { search } from "../../../src/searching/search.ts";
import { Database } from "../../../src/store/database.ts";
import { readStatus } from "../../../src/upkeep/status.ts";
import { docsSite, rowsOf } from "../../support/docs-site.ts";
import type { DocsSite } from "../../support/docs-site.ts";
import { clientOf, geminiHarness } from "../gemini/gemini-harness.ts";

const PAGES = {
  "tomato.md": "# Tomatoes\n\nWater the tomatoes in the morning.\n",
  "garden.md": "# Garden\n\nBeans grow in the garden.\n",
};
const NONE = { embedding: { provider: "none" } } as const;

async function tablesOf({ config }: DocsSite): Promise<string[]> {
  const database = await Database.connect(config.store.uri);
  const names = await database.tableNames();
  database.close();
  return names;
}

describe("without a provider of vectors", () => {
  test("a site is indexed with nothing sent, nothing pending and no vector stored", async () => {
    const site = await docsSite(PAGES, NONE);
    const { config } = site;
    const reason = /^nothing to send: .*"none"/u;
    expect((await planSite({ config })).plan).toMatchObject({
      resolved: "none",
      reason: expect.stringMatching(reason),
    });
    const report = await indexSite({ config });
    expect(report).toMatchObject({
      chunks: { total: 2, added: 2, pending: 0, failed: 0 },
      plan: { resolved: "none", reason: expect.stringMatching(reason) },
      usage: { calls: 0, jobs: 0, texts: 0, costUsd: 0, cacheHits: 0 },
      warnings: [],
      failures: [],
    });
    const rows = [...(await rowsOf(config)).values()];
    expect(rows.map(({ vector }) => vector)).toEqual([null, null]);
    expect(rows.map((row) => row.vectorFingerprint === row.fingerprint)).toEqual([true, true]);
    expect((await tablesOf(site)).filter((name) => name.startsWith("vectors"))).toEqual([]);
    const { index } = await readStatus({ config });
    expect(index).toMatchObject({
      chunks: 2,
      pending: 0,
      space: { provider: "none", dimensions: 0 },
    });
  });

  test("an unchanged site writes nothing, and one edit touches one row", async () => {
    const site = await docsSite(PAGES, NONE);
    const { config } = site;
    await indexSite({ config });
    const published = async () => (await readStatus({ config })).index?.publishedAt;
    const before = await published();
    expect((await indexSite({ config })).chunks).toMatchObject({ added: 0, reused: 2 });
    expect(await published()).toBe(before);
    await site.write("garden.md", "# Garden\n\nPeas grow in the garden.\n");
    expect((await indexSite({ config })).chunks).toMatchObject({ added: 1, reused: 1, pending: 0 });
    expect((await search({ config, query: "peas" })).hits[0]?.page).toBe("garden.md");
  });

  test("searches, checks and answers go by words, and that is no degradation", async () => {
    const queries = ["water tomatoes"];
    const { config, folder } = await docsSite(PAGES, { ...NONE, search: { queries } });
    await indexSite({ config });
    const words = { mode: "text", degraded: null, pending: 0 };
    const found = await search({ config, query: "water tomatoes" });
    expect(found).toMatchObject({ ...words, hits: [{ page: "tomato.md" }] });
    expect(await answerQueries({ config })).toMatchObject({ answers: [words], sent: 0 });
    const file = join(folder, "questions.yaml");
    await writeFile(file, "- question: water tomatoes\n  pages: [tomato.md]\n");
    expect(await checkQuestions({ config, file })).toMatchObject({
      mode: "text",
      degraded: null,
      recall: 1,
      modes: { hybrid: null, vector: null },
    });
  });

  test("what needs vectors is refused as a wrong usage", async () => {
    const { config, withConfig } = await docsSite(PAGES, NONE);
    await indexSite({ config });
    const refusal = { code: "USAGE", message: expect.stringContaining('"none"') };
    const query = "water tomatoes";
    await expect(search({ config, query, mode: "vector" })).rejects.toMatchObject(refusal);
    await expect(checkQuestions({ config, mode: "vector" })).rejects.toMatchObject(refusal);
    await expect(related({ config, page: "tomato.md" })).rejects.toMatchObject(refusal);
    await expect(noneClient.embed({ text: query })).rejects.toMatchObject(refusal);
    await expect(noneClient.embedContent([{ text: query }])).rejects.toMatchObject(refusal);
    const asVector = () => withConfig({ ...NONE, search: { mode: "vector" } });
    expect(asVector).toThrow(/with the provider none/u);
    const enriched = () => withConfig({ ...NONE, generation: { enrich: "context" } });
    expect(enriched).toThrow(/with the provider none/u);
  });

  test("one word of a configuration switches vectors off and on, and none is paid for twice", async () => {
    const { config, withConfig } = await docsSite(PAGES);
    const none = withConfig({
      embedding: { provider: "none", model: config.embedding.model, dimensions: 768 },
    });
    const client = new MockGeminiClient();
    await indexSite({ config, client });
    const first = await rowsOf(config);
    await indexSite({ config: none });
    expect([...(await rowsOf(none)).values()].map(({ vector }) => vector)).toEqual([null, null]);
    const unlike = await search({ config, query: "water tomatoes" });
    expect(unlike.degraded).toMatch(/built with no vectors, .* run `siterag index`/u);
    const again = new MockGeminiClient();
    const report = await indexSite({ config, client: again });
    expect(report).toMatchObject({ usage: { texts: 0, cacheHits: 2 }, chunks: { pending: 0 } });
    expect(again.calls).toEqual([]);
    expect(await rowsOf(config)).toEqual(first);
  });

  test("a job of Gemini's stays in the ledger meanwhile, and is collected afterwards", async () => {
    const pages = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`p${at}.md`, `# Page ${at}\n\nText number ${at}.\n`]),
    );
    const embedding = { provider: "gemini", dimensions: 128 } as const;
    const site = await docsSite(pages, { embedding, batching: { deadlineMinutes: 0 } });
    const { client, clock, emulator } = await geminiHarness();
    const { config } = site;
    expect((await indexSite({ config, client, clock })).chunks.pending).toBe(12);
    const none = await indexSite({ config: site.withConfig(NONE), clock });
    expect(none).toMatchObject({ warnings: [], failures: [], chunks: { pending: 0 } });
    await clock.sleep(3_600_000);
    const back = await indexSite({ config, client: clientOf(emulator, clock), clock });
    expect(back).toMatchObject({ usage: { texts: 0 }, chunks: { pending: 0 } });
    expect(emulator.billed).toMatchObject({ jobs: 1, texts: 12, duplicates: 0 });
  });
});
