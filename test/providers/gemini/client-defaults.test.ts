import { expect, test } from "vitest";
import { collectJobs, indexSite, SmartGeminiClient } from "../../../src/index.ts";
import { MockGeminiClient } from "../../../src/testing.ts";
import { Secret } from "../../../src/words/secret.ts";
import { docsSite } from "../../support/docs-site.ts";
import { WRITING_PRICES } from "../../support/emulator/generation-counters.ts";
import { clientOf, geminiHarness, generatorOf, WRITING_MODEL } from "./gemini-harness.ts";
import { pagesOf } from "./sentence-site.ts";

const ENRICHED = {
  embedding: { provider: "gemini", dimensions: 128 },
  generation: { enrich: "context", model: WRITING_MODEL, ...WRITING_PRICES },
} as const;

test("a client without a writing model leaves the sentences to the configured one", async () => {
  const { client, clock, emulator } = await geminiHarness({}, { latencyMs: 0 });
  const { withConfig } = await docsSite(pagesOf(2));
  const access = { apiKey: new Secret(emulator.key), baseUrl: emulator.url };
  const config = { ...withConfig(ENRICHED), access };
  const report = await indexSite({ config, client, clock });
  expect(report.enrichment).toMatchObject({ sentences: 2 });
});

test("collectJobs reads the jobs that indexSite created with the same client", async () => {
  const batching = { strategy: "batch", deadlineMinutes: 0 } as const;
  const { clock, emulator } = await geminiHarness();
  const { withConfig } = await docsSite(pagesOf(12));
  const config = withConfig({ ...ENRICHED, batching });
  const generation = { model: WRITING_MODEL, ...WRITING_PRICES };
  const client = clientOf(emulator, clock, { batching, generation });
  expect((await indexSite({ config, client, clock })).enrichment).toMatchObject({ jobs: 1 });
  clock.advance(3_600_000);
  expect((await collectJobs({ config, client, clock })).collected).toHaveLength(1);
});

test("generateContent takes `onError: undefined` for its default", async () => {
  const { clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "bad-request", text: "wrong" });
  const generator = generatorOf(emulator, clock);
  const { results } = await generator.generateContent([{ prompt: "wrong" }], {
    onError: undefined,
  });
  expect(results).toMatchObject([{ status: "failed", error: { code: "INVALID_REQUEST" } }]);
});

test("generateContent hands each answer to `settle` as soon as it is paid for", async () => {
  const { clock, emulator } = await geminiHarness();
  const kept: unknown[] = [];
  const options = {
    purpose: "index",
    settle: async (settled: unknown): Promise<void> => {
      kept.push(settled);
    },
  } as const;
  await generatorOf(emulator, clock).generateContent([{ prompt: "one" }], options);
  expect(kept).toHaveLength(1);
});

test.each([
  { maxRetries: Number.NaN },
  { maxRetries: -1 },
  { jitter: 2 },
  { timeoutMs: 0 },
  { initialBackoffMs: -1 },
])("SmartGeminiClient refuses calls that the configuration would refuse: %o", (calls) => {
  expect(() => new SmartGeminiClient({ apiKey: "key", calls })).toThrow(/calls\./u);
});

test("a mock client's metrics count what its generator writes, as the real one's do", async () => {
  const client = new MockGeminiClient();
  await client.generator.generateContent([{ prompt: "one" }]);
  expect(client.metrics).toMatchObject({ individualCalls: 1, texts: 1 });
});

test("a mock client writes by the batching that it was given", async () => {
  const client = new MockGeminiClient({ batching: { strategy: "individual" } });
  const prompts = Array.from({ length: 12 }, (_, at) => ({ prompt: `prompt ${at}` }));
  expect((await client.generator.generateContent(prompts)).usage).toMatchObject({ jobs: 0 });
});

test("a mock client writes where the real client does", () => {
  expect(new MockGeminiClient()).toHaveProperty("generateContent");
});
