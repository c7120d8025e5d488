import { expect, test } from "vitest";
import type { SiteragConfig } from "../../../src/config/schema.ts";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { planSite } from "../../../src/indexing/plan-site.ts";
import { readStatus } from "../../../src/upkeep/status.ts";
import type { Enrichment } from "../../../src/words/plans.ts";
import type { Progress } from "../../../src/words/types.ts";
import { docsSite } from "../../support/docs-site.ts";
import { WRITING_PRICES } from "../../support/emulator/generation-counters.ts";
import type { EmulatorOptions } from "../../support/emulator/emulator.ts";
import { clientOf, generatorOf, geminiHarness, WRITING_MODEL } from "./gemini-harness.ts";

const PAGES = 12;
const pages = Object.fromEntries(
  Array.from({ length: PAGES }, (_, page) => [
    `p${page}.md`,
    `# Page ${page}\n\nWhat page ${page} says.\n`,
  ]),
);

/** A site whose chunks get sentences of context from an emulated account. */
async function enrichedSite(
  batching: SiteragConfig["batching"] = {},
  options: EmulatorOptions = {},
) {
  const docs = await docsSite(pages, {
    embedding: { provider: "gemini", dimensions: 128 },
    generation: { enrich: "context", model: WRITING_MODEL, ...WRITING_PRICES },
    batching,
  });
  const { clock, emulator } = await geminiHarness({}, options);
  const made = () => ({
    client: clientOf(emulator, clock, { batching: docs.config.batching }),
    generator: generatorOf(emulator, clock, {
      ...WRITING_PRICES,
      batching: docs.config.batching,
    }),
  });
  const run = (more: Partial<Parameters<typeof indexSite>[0]> = {}) =>
    indexSite({ config: docs.config, clock, ...made(), ...more });
  return { docs, clock, emulator, made, run };
}

const NOTHING = { calls: 0, jobs: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** The totals of several runs. */
const sumOf = (runs: readonly (Enrichment | null)[]) =>
  runs.reduce(
    (sum, run) => ({
      calls: sum.calls + (run?.calls ?? 0),
      jobs: sum.jobs + (run?.jobs ?? 0),
      inputTokens: sum.inputTokens + (run?.inputTokens ?? 0),
      outputTokens: sum.outputTokens + (run?.outputTokens ?? 0),
      costUsd: sum.costUsd + (run?.costUsd ?? 0),
    }),
    NOTHING,
  );

test.each([
  { road: "calls", batching: { strategy: "individual" } as const },
  { road: "a job", batching: {} },
])("sentences by $road: the summary is the bill to the unit", async ({ batching }) => {
  const { docs, emulator, run } = await enrichedSite(batching);
  const { enrichment, usage, metrics } = await run();
  const { duplicates, requests, ...billed } = emulator.generation.billed;
  const costUsd = expect.closeTo(billed.costUsd, 9);
  expect(enrichment).toMatchObject({ ...billed, costUsd, sentences: PAGES });
  const above = billed.calls > 0 ? billed.costUsd / 2 : 0;
  expect(enrichment?.extraCostVsBatchUsd).toBeCloseTo(above, 9);
  expect({ duplicates, requests }).toEqual({ duplicates: 0, requests: PAGES });
  expect({ ...usage, duplicates: 0 }).toMatchObject({
    ...emulator.billed,
    costUsd: expect.closeTo(emulator.billed.costUsd, 9),
  });
  const { lastRun } = await readStatus({ config: docs.config });
  expect(lastRun).toMatchObject({ metrics, enrichment });
});

test.each([
  { name: "unavailable", times: 3 },
  { name: "internal", times: 2 },
  { name: "answer-empty", text: "page 3 says", times: 2 },
  { name: "answer-blocked", text: "page 3 says" },
  { name: "prompt-blocked", text: "page 3 says" },
] as const)("$name: every call is still counted", async (fault) => {
  const { emulator, run } = await enrichedSite({ strategy: "individual" });
  emulator.addFault(fault);
  const { enrichment } = await run();
  const { inputTokens, outputTokens, costUsd } = emulator.generation.billed;
  const calls = emulator.generation.seen.calls;
  expect(enrichment).toMatchObject({
    calls,
    inputTokens,
    outputTokens,
    costUsd: expect.closeTo(costUsd, 9),
  });
});

test("a job that another run collects is counted there, and once", async () => {
  const { clock, emulator, run } = await enrichedSite({ deadlineMinutes: 0 });
  const ordered = await run();
  expect(ordered.enrichment).toMatchObject({ ...NOTHING, sentences: 0, jobs: 1 });
  await clock.sleep(120_000);
  const collected = await run();
  expect(collected.enrichment).toMatchObject({ sentences: PAGES, jobs: 0, calls: 0 });
  await clock.sleep(120_000);
  const last = await run();
  expect(last).toMatchObject({ enrichment: { ...NOTHING, sentences: 0 }, chunks: { pending: 0 } });
  const { duplicates, requests, ...billed } = emulator.generation.billed;
  const runs = [ordered, collected, last].map(({ enrichment }) => enrichment);
  expect(sumOf(runs)).toEqual({ ...billed, costUsd: expect.closeTo(billed.costUsd, 9) });
  expect({ duplicates, requests }).toEqual({ duplicates: 0, requests: PAGES });
});

test.each(["answer-blocked", "prompt-blocked", "answer-empty"] as const)(
  "%s: the text goes without a sentence, which is told once and never asked for again",
  async (name) => {
    const { docs, emulator, run } = await enrichedSite();
    emulator.addFault({ name, text: "page 3 says" });
    const first = await run();
    expect(first).toMatchObject({ chunks: { pending: 0, failed: 0 }, failures: [] });
    expect(first.enrichment?.sentences).toBe(PAGES - 1);
    expect(first.warnings).toEqual([
      `1 text has no sentence of context: ${WRITING_MODEL} wrote none. It is: p3.md, under “Page 3”`,
    ]);
    expect(emulator.seen.texts).toContain("title: Page 3 | text: What page 3 says.");
    const seen = emulator.generation.seen.prompts.length;
    expect(await run()).toMatchObject({ warnings: [], chunks: { reused: PAGES } });
    // Other vectors of the same texts need the sentences again, and have them.
    const config = { ...docs.config, store: { ...docs.config.store, index: "other" } };
    await run({ config });
    expect(emulator.generation.seen.prompts).toHaveLength(seen);
  },
);

test("a sentence that was cut off is used as it is", async () => {
  const { emulator, run } = await enrichedSite();
  emulator.addFault({ name: "answer-cut-short", text: "page 3 says" });
  const report = await run();
  expect(report).toMatchObject({ enrichment: { sentences: PAGES }, failures: [], warnings: [] });
});

test("a dry run says how many sentences are missing, how they would be sent, and what they cost", async () => {
  const { docs, clock, emulator, made, run } = await enrichedSite();
  const plan = () => planSite({ config: docs.config, clock, ...made() });
  const before = await plan();
  expect(before.enrichment).toMatchObject({ sentences: PAGES, resolved: "batch", jobs: 1 });
  expect(before.enrichment?.reason).toMatch(
    /^12 sentences of context → batch: 1 batch job, about 60 s; about [\d,]+ tokens to read and 1,200 to write, \$0\.\d+ \(auto: 10 texts or more\); individual would take about 3 s and cost \$0\.\d+$/u,
  );
  expect(emulator.requests).toEqual([]);
  const { enrichment, usage } = await run();
  expect(before.enrichment?.costUsd).toBeGreaterThanOrEqual(enrichment?.costUsd ?? 1);
  expect(before.plan.estimate.tokens).toBeGreaterThanOrEqual(usage.tokens);
  await docs.write("p3.md", "# Page 3\n\nAnother text.\n");
  expect((await plan()).enrichment).toMatchObject({ sentences: 1, resolved: "individual" });
  await run();
  expect((await plan()).enrichment).toBeNull();
});

test("a dry run's budget holds sentences, and leaves out the texts of the others", async () => {
  const { docs, clock, made } = await enrichedSite();
  const config = { ...docs.config, budget: { ...docs.config.budget, maxRequests: 8 } };
  const { enrichment, plan } = await planSite({ config, clock, ...made() });
  expect(enrichment?.sentences).toBe(4);
  expect(plan.reason).toContain("; 8 of 12 texts stay pending (budget.maxRequests: 8)");
  expect(plan.estimate.texts).toBe(4);
});

test("a job of sentences takes nothing of the budget of the run that collects it", async () => {
  const { docs, clock, made, run } = await enrichedSite({ deadlineMinutes: 0 });
  const { enrichment } = await planSite({ config: docs.config, clock, ...made() });
  await run();
  await clock.sleep(120_000);
  await docs.write("other.md", "# Other\n\nA page that came later.\n");
  const maxTokens = (enrichment?.inputTokens ?? 0) + (enrichment?.outputTokens ?? 0);
  const config = { ...docs.config, budget: { ...docs.config.budget, maxTokens } };
  // What the earlier run had ordered takes nothing of this one's.
  expect(await run({ config })).toMatchObject({ enrichment: { sentences: PAGES + 1 } });
});

test("sentences are counted as they come, and those of a run that is interrupted are kept", async () => {
  const { docs, emulator, run } = await enrichedSite({
    strategy: "individual",
    maxParallelIndividual: 1,
  });
  await run();
  for (let page = 0; page < 5; page += 1) await docs.write(`p${page}.md`, `# New ${page}\n`);
  const stop = new AbortController();
  const told: Progress[] = [];
  const onProgress = (progress: Progress): void => {
    if (progress.phase !== "enrich") return;
    told.push(progress);
    if (progress.done === 3) stop.abort();
  };
  const running = run({ onProgress, signal: stop.signal });
  await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(told).toEqual([0, 1, 2, 3].map((done) => ({ phase: "enrich", done, total: 5 })));
  const { lastRun } = await readStatus({ config: docs.config });
  expect(lastRun).toMatchObject({ enrichment: { sentences: 3, calls: 3 }, metrics: { texts: 3 } });
  const { enrichment } = await run();
  expect(enrichment).toMatchObject({ sentences: 2, calls: 2 });
  expect(emulator.generation.billed).toMatchObject({ requests: PAGES + 5, duplicates: 0 });
});

test("a lost row of a job that another run collects counts there", async () => {
  const { clock, emulator, run } = await enrichedSite({ deadlineMinutes: 0 });
  emulator.addFault({ name: "row-missing", text: "page 3 says", times: 1 });
  await run();
  await clock.sleep(120_000);
  const { enrichment } = await run();
  const { inputTokens } = emulator.generation.billed;
  expect(enrichment).toMatchObject({ sentences: PAGES, calls: 1 });
  expect(enrichment?.inputTokens).toBeGreaterThan(0.99 * inputTokens);
  expect(enrichment?.inputTokens).toBeLessThan(1.01 * inputTokens);
});

test("a job charges for a row that it lost, and the prompt is sent again", async () => {
  const { emulator, run } = await enrichedSite();
  emulator.addFault({ name: "row-missing", text: "page 3 says", times: 1 });
  const { chunks, enrichment } = await run();
  expect(chunks).toMatchObject({ pending: 0, failed: 0 });
  const { duplicates, inputTokens, requests } = emulator.generation.billed;
  expect({ duplicates, requests }).toEqual({ duplicates: 1, requests: PAGES + 1 });
  expect(enrichment).toMatchObject({ sentences: PAGES, jobs: 1, calls: 1 });
  // Of the lost one, what was read is known by the estimate alone.
  expect(enrichment?.inputTokens).toBeGreaterThanOrEqual(inputTokens);
  expect(enrichment?.inputTokens).toBeLessThan(1.01 * inputTokens);
});
