import { expect, test } from "vitest";
import { SiteragError } from "../../src/words/errors.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import type {
  GenerationExecution,
  GenerationRequest,
  GenerationResult,
} from "../../src/generation/client.ts";
import { readContextPrompt } from "../../src/generation/context-prompt.ts";
import { NO_USAGE } from "../../src/sending/usage-tally.ts";
import type { Plan, Usage } from "../../src/words/plans.ts";
import { MockGenerator } from "../../src/providers/mock/mock-generator.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { planSite } from "../../src/indexing/plan-site.ts";
import { search } from "../../src/searching/search.ts";
import {
  clientOf,
  generatorOf,
  geminiHarness,
  WRITING_MODEL,
} from "../providers/gemini/gemini-harness.ts";
import { docsSite } from "../support/docs-site.ts";

const FILLER = "Words of another kind stand here, and say little. ".repeat(40);
const PAGES = {
  "a.md": `# A\n\n${FILLER}\n\n## B\n\nThe second. ${FILLER}\n`,
  "c.md": "# C\n\nThe third.\n",
};
const generation = { enrich: "context" } as const;

/** The third passage is in a job, and the others fail. */
class Failing extends MockGenerator {
  override async execute(
    { calls, jobs }: Plan,
    { inputsOf, settle }: GenerationExecution,
  ): Promise<Usage> {
    const items = [...calls, ...jobs].flat();
    const resultOf = ({ prompt }: GenerationRequest): GenerationResult =>
      prompt.includes("third")
        ? { status: "pending", job: "batches/1", reason: "In the batch job batches/1." }
        : { status: "failed", error: new SiteragError("UNAVAILABLE", "It was not there.") };
    const requests = await inputsOf(items);
    await settle(
      items.map((item, at) => ({ item, result: resultOf(requests[at] ?? { prompt: "" }) })),
    );
    return { ...NO_USAGE, calls: 3, inputTokens: 9 };
  }
}

test("a model rewrites what the mock wrote", async () => {
  const { config } = await docsSite(PAGES, {
    embedding: { provider: "mock" },
    generation: { ...generation, model: WRITING_MODEL },
  });
  expect(await indexSite({ config })).toMatchObject({ enrichment: { sentences: 3 } });
  const { clock, emulator } = await geminiHarness();
  const generator = generatorOf(emulator, clock);
  expect(await indexSite({ config, generator, clock })).toMatchObject({
    enrichment: { sentences: 3 },
    chunks: { added: 3, reused: 0 },
  });
  expect(emulator.generation.billed).toMatchObject({ requests: 3 });
});

test("each chunk is embedded with its sentence, which is never asked for twice", async () => {
  const { config, withConfig, write } = await docsSite(PAGES, { generation });
  const run = async (settings = config) => {
    const client = new MockGeminiClient();
    const generator = new MockGenerator();
    const { chunks } = await indexSite({ config: settings, client, generator });
    // Calls go out side by side, in any order.
    const asked = generator.requests
      .map(({ prompt }) => readContextPrompt(prompt)?.trail ?? "")
      .sort();
    const sent = [...client.calls, ...client.jobs].flat().sort();
    return { asked, sent, chunks };
  };
  const first = await run();
  expect(first.asked).toEqual(["A", "A > B", "C"]);
  expect(first.sent[1]).toMatch(/^A > B\n\nThis is about A > B\.\n\nThe second\./u);
  expect(await run()).toMatchObject({ asked: [], sent: [], chunks: { reused: 3 } });

  await write("a.md", PAGES["a.md"].replace("second", "other"));
  const edited = await run();
  expect(edited).toMatchObject({ asked: ["A > B"], chunks: { added: 1, reused: 2 } });
  expect(edited.sent).toHaveLength(1);

  const without = await run(withConfig({}));
  expect(without).toMatchObject({ asked: [], chunks: { added: 3 } });
  expect(without.sent.join("")).not.toContain("This is about");
  expect(await run()).toMatchObject({ asked: [], sent: [], chunks: { pending: 0 } });

  const found = await search({ config, query: "third", client: new MockGeminiClient() });
  expect(found).toMatchObject({ mode: "hybrid", degraded: null });
  expect(found.hits[0]?.page).toBe("c.md");
});

test("a chunk without its sentence is not embedded, and says why", async () => {
  const { config } = await docsSite(PAGES, { generation });
  const client = new MockGeminiClient();
  const report = await indexSite({ config, client, generator: new Failing() });
  expect([...client.calls, ...client.jobs]).toEqual([]);
  expect(report).toMatchObject({
    chunks: { total: 3, pending: 3, failed: 2 },
    failures: ["a.md, under “A”: It was not there.", "a.md, under “B”: It was not there."],
    warnings: [expect.stringMatching(/^1 text waits for a vector .*batches\/1\.$/u)],
  });
  expect(await planSite({ config, client })).toMatchObject({
    enrichment: { sentences: 3, resolved: "individual", calls: 3, costUsd: 0 },
    plan: { estimate: { texts: 3 } },
  });
});

test("a sentence that is written is kept, whatever becomes of the embedding", async () => {
  const { config } = await docsSite({ "c.md": PAGES["c.md"] }, { generation });
  const generator = new MockGenerator();
  const broken = new MockGeminiClient({ failOn: () => true });
  const lost = await indexSite({ config, client: broken, generator });
  expect(lost.chunks).toMatchObject({ pending: 1, failed: 1 });
  const again = await indexSite({ config, client: new MockGeminiClient(), generator });
  expect(again).toMatchObject({ chunks: { pending: 0, failed: 0 }, failures: [] });
  expect(generator.requests).toHaveLength(1);
});

test("many sentences go as a job, which a later run collects, and nothing is paid for twice", async () => {
  const pages = Array.from({ length: 11 }, (_, at) => [`p${at}.md`, `# P${at}\n\nPage ${at}.\n`]);
  const { config } = await docsSite(Object.fromEntries(pages), {
    embedding: { provider: "gemini", dimensions: 128 },
    generation: { ...generation, model: WRITING_MODEL },
    batching: { deadlineMinutes: 0 },
  });
  const { clock, emulator } = await geminiHarness({}, { latencyMs: 0 });
  const run = async () => {
    const lines: string[] = [];
    const log = (line: string): number => lines.push(line);
    const generator = generatorOf(emulator, clock);
    const client = clientOf(emulator, clock);
    const logger = { info: log, warn: log };
    const { chunks, failures } = await indexSite({ config, client, generator, clock, logger });
    await clock.sleep(60_000);
    return { pending: chunks.pending, failures, log: lines.join("\n") };
  };
  const ordered = await run();
  expect(ordered).toMatchObject({ pending: 11, failures: [] });
  expect(ordered.log).toMatch(/^nothing to send: 11 texts waiting for a sentence of context$/mu);
  expect(ordered.log).toMatch(/They are in batch job batches\/\w+ \(PENDING\);/u);
  expect(emulator.billed.jobs).toBe(0);
  const written = await run();
  expect(written.log).toMatch(/Collected 1 batch job/u);
  expect(written.pending).toBe(11);
  expect(await run()).toMatchObject({ pending: 0, failures: [] });
  expect(emulator.generation.billed).toMatchObject({ jobs: 1, calls: 0, requests: 11 });
  expect(emulator.billed).toMatchObject({ jobs: 1, texts: 11, duplicates: 0 });
  expect(emulator.seen.texts[0]).toMatch(/^title: P0 \| text: A sentence about \d+ characters\./u);
});

test("each run's budget holds sentences together with the texts that they are for", async () => {
  const { config } = await docsSite(PAGES, { generation, budget: { maxRequests: 2 } });
  const generator = new MockGenerator();
  const client = new MockGeminiClient();
  const run = async () => {
    const { chunks, warnings } = await indexSite({ config, client, generator });
    const sent = [...client.calls, ...client.jobs].flat().length;
    return { written: generator.requests.length, sent, pending: chunks.pending, warnings };
  };
  const reached = [expect.stringContaining("budget.maxRequests: 2")];
  expect(await run()).toMatchObject({ written: 1, sent: 1, pending: 2 });
  expect(await run()).toMatchObject({ written: 2, sent: 2, pending: 1, warnings: reached });
  expect(await run()).toMatchObject({ written: 3, sent: 3, pending: 0, warnings: [] });
});
