import { expect, test } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { docsSite } from "../../support/docs-site.ts";
import { clientOf, generatorOf, geminiHarness, WRITING_MODEL } from "./gemini-harness.ts";

const PAGES = 30;
const pages = Object.fromEntries(
  Array.from({ length: PAGES }, (_, page) => [`${page}.md`, `# Page ${page}\n\nText ${page}.\n`]),
);
const embedding = { provider: "gemini", dimensions: 128 } as const;

/** While the last of five calls is given up, up to four others have begun. */
const MOST_CALLS = 9;
/**
 * Half of what the tries of all calls would take, five at once; those of two calls, one after the other,
 * are a third. Virtual time also passes while a loaded machine is slow to write.
 */
const halfOfAllMs = (timeoutMs: number): number => ((PAGES / 5) * 4 * timeoutMs) / 2;

test("a service that never answers keeps a run for the tries of its first calls, and no longer", async () => {
  const batching = { strategy: "individual", textsPerCall: 1 } as const;
  const docs = await docsSite(pages, { embedding, batching });
  const { clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "hang" });
  const client = clientOf(emulator, clock, { batching: docs.config.batching });
  const { chunks, failures, warnings, durationMs } = await indexSite({
    config: docs.config,
    client,
    clock,
  });
  expect(chunks.pending).toBe(PAGES);
  expect(chunks.failed).toBeLessThanOrEqual(MOST_CALLS);
  expect(failures).toHaveLength(chunks.failed);
  expect(warnings).toEqual([
    expect.stringMatching(
      /^2\d texts .*: Not sent, because 5 calls in a row failed: .* Run `siterag index` again later\.$/u,
    ),
  ]);
  expect(emulator.seen.calls).toBeLessThanOrEqual(4 * MOST_CALLS);
  expect(durationMs).toBeLessThan(halfOfAllMs(30_000));
});

test("sentences of context, one call each, keep a run no longer either", async () => {
  const batching = { strategy: "individual" } as const;
  const generation = { enrich: "context", model: WRITING_MODEL } as const;
  const docs = await docsSite(pages, { embedding, batching, generation });
  const { clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "hang" });
  const { config } = docs;
  const client = clientOf(emulator, clock, { batching: config.batching });
  const generator = generatorOf(emulator, clock, { batching: config.batching });
  const report = await indexSite({ config, client, generator, clock });
  expect(report.chunks.pending).toBe(PAGES);
  expect(report.warnings).toEqual([
    expect.stringMatching(/^2\d texts .*: Not sent, because 5 calls/u),
  ]);
  expect(emulator.generation.seen.calls).toBeLessThanOrEqual(4 * MOST_CALLS);
  expect(emulator.seen.calls).toBe(0);
  expect(report.durationMs).toBeLessThan(halfOfAllMs(120_000));
});
