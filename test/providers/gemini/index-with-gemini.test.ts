import { expect, test } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { search } from "../../../src/searching/search.ts";
import { docsSite, rowsOf } from "../../support/docs-site.ts";
import type { CallFault } from "../../support/emulator/fault-names.ts";
import { clientOf, geminiHarness } from "./gemini-harness.ts";

const embedding = { provider: "gemini", dimensions: 128 } as const;
const batching = { strategy: "individual" } as const;

const pages = Object.fromEntries(
  Array.from({ length: 30 }, (_, page) => [
    `page-${page}.md`,
    `# Page ${page}\n\n## First\n\nThe first section of page ${page}.\n\n## Second\n\nAnother one, of page ${page}.\n`,
  ]),
);

/** Faults that pass, and what is said of one that stays. */
const FAULTS: readonly (readonly [CallFault, says: RegExp])[] = [
  ["timeout-408", /408/u],
  ["rate-limited", /429/u],
  ["internal", /500/u],
  ["bad-gateway", /502/u],
  ["unavailable", /503/u],
  ["gateway-timeout", /504/u],
  ["reset-before", /could not reach/u],
  ["reset-after", /could not reach/u],
  ["hang", /did not answer within 30 s/u],
  ["cut-body", /could not reach|not JSON/u],
  ["malformed-json", /not JSON/u],
  ["short-answer", /returned \d+ vectors? for/u],
  ["long-answer", /returned \d+ vectors? for/u],
  ["wrong-length", /127 numbers, not 128/u],
  ["not-a-number", /unexpected shape/u],
  ["zero-vector", /length of 0/u],
];

test.each(FAULTS)("%s, once: the site is still indexed", async (name) => {
  const site = await docsSite({ "guide.md": "# Guide\n\n## Install\n\nRun it.\n" }, { embedding });
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ name, times: 1 });
  const report = await indexSite({ config: site.config, client, clock });
  expect(report).toMatchObject({ failures: [], chunks: { failed: 0, pending: 0 } });
});

test.each(FAULTS)("%s, always: reported with page and heading", async (name, says) => {
  const site = await docsSite(
    { "guide.md": "# Guide\n\n## Install\n\nRun it.\n", "other.md": "# Other\n\nFine.\n" },
    { embedding, batching: { textsPerCall: 1 } },
  );
  const { client, clock, emulator } = await geminiHarness({ batching: { textsPerCall: 1 } });
  emulator.addFault({ name, text: "Run it." });
  const report = await indexSite({ config: site.config, client, clock });
  expect(report.failures).toEqual([expect.stringMatching(/^guide\.md, under “Guide”: /u)]);
  expect(report.failures[0]).toMatch(says);
  expect(report.chunks).toMatchObject({ failed: 1, pending: 1 });
  const answer = await search({ config: site.config, query: "run it", mode: "text" });
  expect(answer.hits[0]?.page).toBe("guide.md");
});

test.each([
  ["bad-key", /Check the key in GEMINI_API_KEY/u],
  ["unauthenticated", /401/u],
  ["forbidden", /403/u],
  ["not-found", /Check embedding\.model/u],
] as const)("%s: one sentence for all chunks, and full text goes on", async (name, says) => {
  const site = await docsSite(pages, { embedding, batching });
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ name });
  const report = await indexSite({ config: site.config, client, clock });
  expect(report.failures).toEqual([expect.stringMatching(/^30 chunks of 30 pages: /u)]);
  expect(report.failures[0]).toMatch(says);
  const answer = await search({ config: site.config, client, query: "second section of page 7" });
  expect(answer).toMatchObject({ mode: "text", degraded: expect.stringMatching(/\S/u) });
  expect(answer.hits.length).toBeGreaterThan(0);
});

test("without a key an index of Gemini's is searched by full text, and the reason names the key", async () => {
  const site = await docsSite(pages, { embedding, batching });
  const { client, clock } = await geminiHarness();
  await indexSite({ config: site.config, client, clock });
  const answer = await search({ config: site.config, query: "page 7" });
  expect(answer).toMatchObject({
    mode: "text",
    degraded: expect.stringMatching(/GEMINI_API_KEY/u),
  });
});

test("the quota of the day outlives the process: pending, exit 0, said once", async () => {
  const site = await docsSite(pages, { embedding, batching, chunking: { maxTokens: 32 } });
  const limits = { tier: "free", requestsPerDay: 20 } as const;
  const { client, clock, emulator } = await geminiHarness({ limits });
  const first = await indexSite({ config: site.config, client, clock });
  expect(first).toMatchObject({ failures: [], usage: { texts: 20 } });
  expect(first.chunks.pending).toBe(first.chunks.total - 20);
  expect(first.warnings).toEqual([expect.stringMatching(/midnight Pacific/u)]);

  const again = clientOf(emulator, clock, { limits });
  const second = await indexSite({ config: site.config, client: again, clock });
  expect(second.usage.texts).toBe(0);

  clock.advance(24 * 3_600_000);
  const third = await indexSite({ config: site.config, client: again, clock });
  expect(third.usage.texts).toBe(20);
  expect(emulator.billed).toMatchObject({ texts: 40, duplicates: 0 });
});

test("random faults: complete and right at the first run, whatever the seed", async () => {
  const small = { embedding, batching, chunking: { maxTokens: 32 } };
  const rates = {
    unavailable: 0.02,
    internal: 0.01,
    "rate-limited": 0.01,
    "reset-after": 0.005,
    "cut-body": 0.005,
  };
  const one = { batching: { textsPerCall: 1 } };
  const other = await docsSite(pages, small);
  const quiet = await geminiHarness(one);
  await indexSite({ config: other.config, client: quiet.client, clock: quiet.clock });
  const expected = await rowsOf(other.config);

  for (let seed = 1; seed <= 8; seed += 1) {
    const site = await docsSite(pages, small);
    const { client, clock, emulator } = await geminiHarness(one, { random: { seed, rates } });
    const report = await indexSite({ config: site.config, client, clock });
    const what = `seed ${seed}`;
    expect(report, what).toMatchObject({ failures: [], chunks: { failed: 0, pending: 0 } });
    expect(report.usage.calls, what).toBe(emulator.seen.calls);
    expect(emulator.billed.duplicates, what).toBeLessThanOrEqual(report.usage.textsRepeated);
    expect(await rowsOf(site.config), what).toEqual(expected);
  }
});

test("a chunk that the service refuses is reported with page and heading, and the others go", async () => {
  const site = await docsSite(pages, { embedding, batching, chunking: { maxTokens: 32 } });
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "bad-request", text: "first section of page 7." });
  const report = await indexSite({ config: site.config, client, clock });
  expect(report.failures).toEqual([
    expect.stringMatching(/^page-7\.md, under “First”: .*400 INVALID_ARGUMENT/u),
  ]);
  expect(report.chunks).toMatchObject({ failed: 1, pending: 1 });
});
