import { expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { planSite } from "../../src/indexing/plan-site.ts";
import { listJobs } from "../../src/upkeep/jobs.ts";
import { search } from "../../src/searching/search.ts";
import { docsSite, rowsOf } from "../support/docs-site.ts";
import {
  clientOf,
  geminiHarness,
  generatorOf,
  WRITING_MODEL,
} from "../providers/gemini/gemini-harness.ts";

const embedding = { provider: "gemini", dimensions: 128 } as const;
const batching = { strategy: "individual" } as const;
const PAGES = {
  "tomato.md": "# Tomatoes\n\nWater the tomatoes in the morning.\n",
  "garden.md": "# Garden\n\nBeans grow in the garden.\n",
};

test("without a key a run is refused, and the error names none; a dry run needs no key", async () => {
  const { config } = await docsSite(PAGES, { embedding });
  await expect(indexSite({ config })).rejects.toMatchObject({
    code: "KEY_MISSING",
    message: expect.stringMatching(/GEMINI_API_KEY.*embedding\.provider: "none"/u),
  });
  expect((await planSite({ config })).plan.estimate.texts).toBe(2);
});

test("where the key is optional, rows keep their vectors, and changed texts wait with one warning", async () => {
  const site = await docsSite(PAGES, { embedding, batching });
  const { config } = site;
  const { client, clock, emulator } = await geminiHarness({ batching });
  await indexSite({ config, client, clock });
  const before = await rowsOf(config);
  await site.write("garden.md", "# Garden\n\nPeas grow in the garden.\n");
  await site.write("new.md", "# New\n\nRadishes are new here.\n");

  const report = await indexSite({ config, clock, isKeyOptional: true });
  expect(report).toMatchObject({
    chunks: { total: 3, added: 2, reused: 1, pending: 2, failed: 0 },
    plan: { resolved: "none", reason: expect.stringMatching(/^nothing to send: There is no key/u) },
    usage: { calls: 0, texts: 0 },
    failures: [],
  });
  expect(report.warnings).toEqual([
    expect.stringMatching(/^2 texts wait for a vector .*There is no key .*GEMINI_API_KEY/u),
  ]);
  const rows = await rowsOf(config);
  const vectorOf = (page: string, of = rows) =>
    [...of.values()].find((row) => row.page === page)?.vector;
  expect(vectorOf("tomato.md")).toEqual(vectorOf("tomato.md", before));
  expect(vectorOf("garden.md")).toEqual(vectorOf("garden.md", before));
  expect(vectorOf("new.md")).toBeNull();
  expect(await search({ config, query: "radishes" })).toMatchObject({
    mode: "text",
    degraded: expect.stringContaining("There is no key"),
    hits: [{ page: "new.md" }],
  });

  const paid = emulator.billed.texts;
  const next = await indexSite({ config, client: clientOf(emulator, clock, { batching }), clock });
  expect(next).toMatchObject({ usage: { texts: 2 }, chunks: { pending: 0 }, warnings: [] });
  expect(emulator.billed).toMatchObject({ texts: paid + 2, duplicates: 0 });
});

test("an unchanged site needs no key and gets no warning", async () => {
  const { config } = await docsSite(PAGES, { embedding, batching });
  const { client, clock } = await geminiHarness({ batching });
  await indexSite({ config, client, clock });
  const report = await indexSite({ config, clock, isKeyOptional: true });
  const plan = { reason: "nothing to embed; the store has every vector" };
  expect(report).toMatchObject({ chunks: { reused: 2, pending: 0 }, plan, warnings: [] });
});

test("a job that is out and its sentences of context wait for a run with a key", async () => {
  const pages = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`p${at}.md`, `# Page ${at}\n\nText number ${at}.\n`]),
  );
  const generation = { enrich: "context", model: WRITING_MODEL } as const;
  const settings = { embedding, generation, batching: { deadlineMinutes: 0 } } as const;
  const { config } = await docsSite(pages, settings);
  const { client, clock, emulator } = await geminiHarness();
  const generator = generatorOf(emulator, clock);
  expect((await indexSite({ config, client, generator, clock })).chunks.pending).toBe(12);
  const report = await indexSite({ config, clock, isKeyOptional: true });
  const plan = { reason: expect.stringMatching(/^nothing to send: There is no key/u) };
  expect(report).toMatchObject({ failures: [], chunks: { pending: 12 }, plan, usage: { jobs: 0 } });
  expect(report.warnings).toEqual([expect.stringMatching(/^12 texts wait for a vector/u)]);
  expect(await listJobs({ config })).toHaveLength(1);
});
