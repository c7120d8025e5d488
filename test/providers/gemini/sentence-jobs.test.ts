import { afterEach, describe, expect, test, vi } from "vitest";
import { ChunkIndex } from "../../../src/store/chunk-index.ts";
import { cacheStats, clearCache } from "../../../src/upkeep/cache.ts";
import type { EmulatorOptions } from "../../support/emulator/emulator.ts";
import { collectJobs } from "../../../src/upkeep/jobs.ts";
import { WRITING_PRICES } from "../../support/emulator/generation-counters.ts";
import { NOTHING, remainsIn } from "../../support/store-remains.ts";
import { clientOf, generatorOf } from "./gemini-harness.ts";
import { pagesOf, sentenceSite } from "./sentence-site.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PAGES = 12;
const leave = { deadlineMinutes: 0 } as const;
const insist = { deadlineMinutes: 1, onDeadline: "individual" } as const;

/** A site whose sentences are in a job that takes an hour, as an earlier run has left it. */
async function siteWithSentencesOut(options: EmulatorOptions = {}) {
  const settings = { batching: leave };
  const site = await sentenceSite(pagesOf(PAGES), settings, { jobMs: HOUR_MS, ...options });
  await site.run();
  return site;
}

/** The same with the sentences there, and their texts in such a job. */
async function siteWithTextsOut() {
  const site = await siteWithSentencesOut();
  site.clock.advance(HOUR_MS);
  await site.run();
  return site;
}

describe("sentences in a job of an earlier run, where the user would rather pay than wait", () => {
  test("go by calls at the deadline, the job is cancelled, and nothing is paid for twice", async () => {
    const { batching, clock, emulator, run } = await siteWithSentencesOut();
    const startedAt = clock.now();
    const report = await run(batching(insist));
    expect((clock.now() - startedAt) / MINUTE_MS).toBeCloseTo(1, 0);
    expect(report).toMatchObject({ failures: [], warnings: [], chunks: { pending: 0 } });
    // What the cancelled job has not done counts nowhere.
    const { inputTokens, outputTokens } = emulator.generation.billed;
    const tokens = { inputTokens, outputTokens };
    expect(report.enrichment).toMatchObject({ sentences: PAGES, calls: PAGES, jobs: 0, ...tokens });
    clock.advance(HOUR_MS);
    expect(emulator.generation.billed).toMatchObject({ calls: PAGES, jobs: 0, duplicates: 0 });
    expect(emulator.billed).toMatchObject({ texts: PAGES, duplicates: 0 });
  });

  test("wait on where the job holds something else, too: others wait for that", async () => {
    const { batching, clock, docs, emulator, run } = await siteWithSentencesOut();
    await docs.remove("p0.md");
    const report = await run(batching(insist));
    expect(report).toMatchObject({ failures: [], chunks: { pending: PAGES - 1 } });
    expect(report.warnings).toEqual([expect.stringMatching(/^11 texts .* job batches\//u)]);
    clock.advance(HOUR_MS);
    await run();
    expect(emulator.generation.billed).toMatchObject({ calls: 0, jobs: 1, duplicates: 0 });
  });

  test("take of the run's budget what calls take, and their texts the rest", async () => {
    const { batching, emulator, events, run } = await siteWithSentencesOut();
    const config = batching(insist);
    const budget = { ...config.budget, maxRequests: 10 };
    const report = await run({ ...config, budget });
    expect(report).toMatchObject({ failures: [], chunks: { pending: PAGES - 5 } });
    expect(report.warnings).toEqual([
      expect.stringMatching(/^7 texts .*\(budget\.maxRequests: 10\)/u),
    ]);
    expect(events.filter(({ type }) => type === "budget")).toEqual([
      { type: "budget", limit: "maxRequests", most: 10, textsLeft: PAGES - 5 },
    ]);
    expect(emulator.generation.billed.calls).toBe(5);
    expect(emulator.billed.texts).toBe(5);
  });

  test("leave nothing of it for their texts where they become too long", async () => {
    const answer = (): string => "Far more words than anybody has asked for. ".repeat(200);
    const { batching, emulator, run } = await siteWithSentencesOut({ answer });
    const config = batching({ ...insist, maxParallelIndividual: 1 });
    const budget = { ...config.budget, maxTokens: 1000 };
    expect(await run({ ...config, budget })).toMatchObject({ chunks: { pending: PAGES } });
    expect(emulator.generation.billed.calls).toBe(1);
    expect(emulator.billed.texts).toBe(0);
  });
});

test("when a job fails while a run waits for it, the next run creates a new job, at the price of jobs", async () => {
  const settings = { batching: leave };
  const site = await sentenceSite(pagesOf(PAGES), settings, { jobMs: HOUR_MS });
  const { batching, clock, emulator, run } = site;
  emulator.addFault({ name: "job-failed", times: 1 });
  await run();
  clock.advance(HOUR_MS - 5 * MINUTE_MS);
  const left = await run(batching({ deadlineMinutes: 10 }));
  expect(left).toMatchObject({ failures: [], chunks: { pending: PAGES } });
  expect(left.warnings).toEqual([expect.stringMatching(/^12 texts .* to send them\.$/u)]);
  await run();
  clock.advance(HOUR_MS);
  expect(emulator.generation.billed).toMatchObject({ calls: 0, jobs: 1, duplicates: 0 });
});

describe("sentences switched off while a job writes them", () => {
  test("the job is neither waited for nor forgotten: switched on again, they are there", async () => {
    const { clock, docs, emulator, run } = await siteWithSentencesOut();
    const off = {
      ...docs.config,
      generation: { ...docs.config.generation, enrich: "off" },
    } as const;
    const plain = await run(off);
    expect(plain).toMatchObject({ enrichment: null, usage: { jobs: 1, texts: PAGES } });
    clock.advance(HOUR_MS);
    const collected = await run(off);
    expect(collected).toMatchObject({ chunks: { pending: 0 }, usage: { texts: 0 } });
    const { inputTokens, outputTokens } = emulator.generation.billed;
    expect(collected.enrichment).toMatchObject({ sentences: PAGES, inputTokens, outputTokens });
    // The service keeps no output for ever: what was not collected would be lost.
    clock.advance(72 * HOUR_MS);
    const again = await run();
    expect(again.enrichment).toMatchObject({ sentences: 0, calls: 0, jobs: 0 });
    expect(again.usage).toMatchObject({ texts: PAGES });
    expect(emulator.generation.billed).toMatchObject({ requests: PAGES, duplicates: 0 });
  });
});

describe("a cache that is cleared while texts are in a job", () => {
  test("the job brings their vectors, and no sentence is written for them again", async () => {
    const { clock, docs, emulator, run } = await siteWithTextsOut();
    await clearCache({ config: docs.config, clock });
    clock.advance(HOUR_MS);
    expect(await run()).toMatchObject({ failures: [], chunks: { pending: 0 } });
    expect(emulator.billed).toMatchObject({ texts: PAGES, duplicates: 0 });
    expect(emulator.generation.billed).toMatchObject({ requests: PAGES, duplicates: 0 });
  });

  test("given up at the deadline, they wait for new sentences, and the next run has all", async () => {
    const { batching, clock, docs, emulator, run } = await siteWithTextsOut();
    await clearCache({ config: docs.config, clock });
    const left = await run(batching(insist));
    expect(left).toMatchObject({ failures: [], chunks: { pending: PAGES, failed: 0 } });
    expect(left.warnings).toEqual([expect.stringMatching(/^12 texts .* to send them\.$/u)]);
    expect(await run(batching({ strategy: "individual" }))).toMatchObject({
      failures: [],
      chunks: { pending: 0 },
    });
    clock.advance(HOUR_MS);
    expect(emulator.billed).toMatchObject({ texts: PAGES, duplicates: 0 });
  });
});

describe("one deadline for all jobs of a run", () => {
  test("holds for sentences and the texts after them", async () => {
    const settings = { batching: { deadlineMinutes: 10 } };
    const site = await sentenceSite(pagesOf(PAGES), settings, { jobMs: 6 * MINUTE_MS });
    const startedAt = site.clock.now();
    const report = await site.run();
    expect(report).toMatchObject({ enrichment: { sentences: PAGES }, chunks: { pending: PAGES } });
    expect((site.clock.now() - startedAt) / MINUTE_MS).toBeCloseTo(10, 0);
  });

  test("holds for new sentences and the texts of an earlier run", async () => {
    const { batching, clock, docs, run } = await siteWithTextsOut();
    for (const [page, text] of Object.entries(pagesOf(PAGES, "q"))) await docs.write(page, text);
    const startedAt = clock.now();
    expect(await run(batching({ deadlineMinutes: 10 }))).toMatchObject({
      chunks: { pending: 2 * PAGES },
    });
    expect((clock.now() - startedAt) / MINUTE_MS).toBeCloseTo(10, 0);
  });
});

const SECRET = { "secret.md": "# Quokka\n\nThe zanzibarium stands here.\n" };
const WORDS = ["quokka", "Quokka", "zanzibarium"];

/** A site whose sentences go as jobs; that of one page has a word of its own. */
async function siteWithSecret(pages: Readonly<Record<string, string>>) {
  const answer = ({ prompt }: { readonly prompt: string }): string =>
    prompt.includes("Quokka") ? "A sentence on the quokka." : "A sentence on another page.";
  const site = await sentenceSite(pages, { batching: leave }, { jobMs: HOUR_MS, answer });
  const { clock, docs, emulator } = site;
  const client = clientOf(emulator, clock);
  const generator = generatorOf(emulator, clock, WRITING_PRICES);
  const collect = () => collectJobs({ config: docs.config, clock, client, generator });
  return { ...site, collect, remains: () => remainsIn(docs.config.store.uri, ...WORDS) };
}

describe("a sentence whose job is collected when its page has gone", () => {
  test.for([{ by: "a run" }, { by: "collecting jobs alone" }])(
    "leaves no word in the store: by $by",
    async ({ by }) => {
      const { clock, collect, docs, remains, run } = await siteWithSecret({
        ...pagesOf(PAGES),
        ...SECRET,
      });
      await run();
      clock.advance(MINUTE_MS);
      await docs.remove("secret.md");
      await run();
      clock.advance(HOUR_MS);
      await (by === "a run" ? run() : collect());
      expect(await remains()).toEqual(NOTHING);
      const [sentences] = await cacheStats({ config: docs.config });
      expect(sentences).toMatchObject({ table: "contexts", entries: PAGES, used: PAGES });
    },
  );
});

async function diesBeforeChunks(run: () => Promise<unknown>): Promise<void> {
  const died = new Error("The run has died.");
  vi.spyOn(ChunkIndex.prototype, "append").mockRejectedValueOnce(died);
  vi.spyOn(ChunkIndex.prototype, "write").mockRejectedValueOnce(died);
  await expect(run()).rejects.toThrow("The run has died.");
  vi.restoreAllMocks();
}

test("sentences of a run that died before it wrote its chunks are kept when they are collected", async () => {
  const { clock, collect, docs, run } = await siteWithSecret(SECRET);
  await run();
  clock.advance(MINUTE_MS);
  for (const [page, text] of Object.entries(pagesOf(PAGES))) await docs.write(page, text);
  await diesBeforeChunks(run);
  clock.advance(HOUR_MS);
  await collect();
  expect(await run()).toMatchObject({ enrichment: { sentences: 0 } });
});

test("so they are after a run over a few other pages, which has not seen their chunks either", async () => {
  const { clock, collect, docs, run } = await siteWithSecret(SECRET);
  await run();
  clock.advance(MINUTE_MS);
  for (const [page, text] of Object.entries(pagesOf(PAGES))) await docs.write(page, text);
  await diesBeforeChunks(run);
  clock.advance(MINUTE_MS);
  await docs.write("secret.md", "# Quokka\n\nIt stands elsewhere.\n");
  await run(docs.config, ["secret.md"]);
  clock.advance(HOUR_MS);
  await collect();
  expect(await run()).toMatchObject({ enrichment: { sentences: 0 } });
});

test("a dry run names the job that sentences are in, and counts none of them again", async () => {
  const { docs, emulator, plan } = await siteWithSentencesOut();
  const seen = emulator.requests.length;
  const waiting = await plan();
  expect(waiting).toMatchObject({
    enrichment: null,
    jobsOut: [expect.stringMatching(/^batches\//u)],
    plan: { estimate: { texts: 0, costUsd: 0 } },
  });
  expect(waiting.plan.reason).toBe("nothing to send: 12 texts waiting for a sentence of context");
  await docs.write("new.md", "# New\n\nA page that was not there.\n");
  expect(await plan()).toMatchObject({
    enrichment: { sentences: 1, calls: 1, jobs: 0 },
    plan: { estimate: { texts: 1 } },
  });
  expect(emulator.requests).toHaveLength(seen);
});

test("a dry run names both kinds of jobs, each once, and plans what is in neither", async () => {
  const { docs, plan, run } = await siteWithTextsOut();
  for (const [page, text] of Object.entries(pagesOf(PAGES, "q"))) await docs.write(page, text);
  await run();
  await docs.write("new.md", "# New\n\nA page that was not there.\n");
  const planned = await plan();
  expect(new Set(planned.jobsOut).size).toBe(2);
  expect(planned).toMatchObject({
    jobsOut: [expect.anything(), expect.anything()],
    enrichment: { sentences: 1 },
    plan: { estimate: { texts: 1 } },
  });
});
