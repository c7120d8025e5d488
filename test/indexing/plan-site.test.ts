import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EmbeddingClient } from "../../src/embedding/client.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { planSite } from "../../src/indexing/plan-site.ts";
import { Database } from "../../src/store/database.ts";
import { Meta } from "../../src/store/meta.ts";
import { docsSite } from "../support/docs-site.ts";
import type { PlanReport } from "../../src/words/reports.ts";

const pages = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`page-${at}.md`, `# Page ${at}\n\nText ${at}.\n`]),
  );

const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).sort();

describe("planning a site without building it", () => {
  it("counts everything as new before the first run, calls nobody and makes no store", async () => {
    const site = await docsSite(pages(7));
    const before = await filesOf(site.folder);
    const client = new MockGeminiClient();
    const report = await planSite({ config: site.config, client });
    expect(report).toMatchObject({
      pages: 7,
      chunks: { total: 7, added: 7, reused: 0, moved: 0, deleted: 0 },
      cacheHits: 0,
      plan: { strategy: "auto", resolved: "hybrid", estimate: { calls: 1, jobs: 1, texts: 7 } },
      jobsOut: [],
      warnings: [],
      failures: [],
    });
    expect(report.plan.calls.flat().map((item) => item.page)).toEqual([
      "page-0.md",
      "page-1.md",
      "page-2.md",
    ]);
    expect([client.calls, client.jobs]).toEqual([[], []]);
    expect(await filesOf(site.folder)).toEqual(before);
    expect(existsSync(join(site.folder, "db"))).toBe(false);
  });

  it("plans what the next run does, and writes nothing to the store it finds", async () => {
    const site = await docsSite(pages(7));
    await indexSite({ config: site.config });
    await site.write("page-3.md", "# Page 3\n\nAnother text.\n");
    await site.remove("page-4.md");
    const before = await filesOf(site.folder);
    const planned = await planSite({ config: site.config });
    expect(await filesOf(site.folder)).toEqual(before);
    const done = await indexSite({ config: site.config });
    const { pending: _pending, failed: _failed, ...chunks } = done.chunks;
    expect(planned).toMatchObject({ pages: 6, chunks, cacheHits: done.usage.cacheHits });
    expect(planned.plan).toMatchObject(done.plan);
    expect(chunks).toMatchObject({ added: 1, deleted: 1 });
  });

  it("finds vectors in the cache", async () => {
    const site = await docsSite(pages(3));
    await indexSite({ config: site.config });
    const config = site.withConfig({ store: { index: "branch" } });
    const report = await planSite({ config });
    expect(report).toMatchObject({ cacheHits: 3, plan: { resolved: "none" } });
  });

  it("takes tables of another schema version for none, and leaves them", async () => {
    const site = await docsSite(pages(3));
    await indexSite({ config: site.config });
    const database = await Database.connect(site.config.store.uri);
    await new Meta(database).setSchemaVersion(0);
    const report = await planSite({ config: site.config });
    expect(report).toMatchObject({ chunks: { added: 3, reused: 0 }, cacheHits: 3 });
    expect(await database.tableNames()).toContain("chunks");
    database.close();
  });

  it("warns when there is no page, as the run does", async () => {
    const { config } = await docsSite({});
    const warnings = [expect.stringMatching(/^No pages found in .*content\.include/u)];
    expect(await planSite({ config })).toMatchObject({ pages: 0, warnings });
    expect(await indexSite({ config })).toMatchObject({ pages: 0, warnings });
  });

  it("waits for no writer", async () => {
    const site = await docsSite(pages(3));
    const mock = new MockGeminiClient();
    const planned: PlanReport[] = [];
    const client: EmbeddingClient = {
      space: mock.space,
      profile: mock.profile,
      embedContent: (requests) => mock.embedContent(requests),
      embed: (request) => mock.embed(request),
      // While it embeds, the run holds the lock.
      async execute(plan, execution) {
        planned.push(await planSite({ config: site.config }));
        return mock.execute(plan, execution);
      },
    };
    await indexSite({ config: site.config, client });
    expect(planned).toMatchObject([{ pages: 3, chunks: { added: 3 } }]);
  });
});

describe("the strategy of the configuration", () => {
  it.each([
    ["individual", { calls: 1, jobs: 0 }],
    ["batch", { calls: 0, jobs: 1 }],
    ["auto", { calls: 1, jobs: 1 }],
  ] as const)("%s is obeyed by the run", async (strategy, expected) => {
    const site = await docsSite(pages(7), { batching: { strategy } });
    const client = new MockGeminiClient();
    const report = await indexSite({ config: site.config, client });
    expect(report.usage).toMatchObject({ ...expected, texts: 7 });
    expect(report.chunks).toMatchObject({ total: 7, pending: 0, failed: 0 });
    expect([client.calls.length, client.jobs.length]).toEqual([expected.calls, expected.jobs]);
  });

  it("a job that fails leaves its chunks pending, named page by page", async () => {
    const site = await docsSite(pages(7));
    const client = new MockGeminiClient({ faults: [{ name: "job-failed", text: "Text 5" }] });
    const report = await indexSite({ config: site.config, client });
    expect(report.chunks).toMatchObject({ total: 7, pending: 4, failed: 4 });
    expect(report.failures).toHaveLength(4);
    expect(report.failures[0]).toMatch(/page-3\.md.*ended as FAILED/u);
  });
});
