import { expect, test } from "vitest";
import {
  ask,
  cancelJob,
  collectJobs,
  GeminiGenerator,
  indexSite,
  listJobs,
  SmartGeminiClient,
} from "../../../src/index.ts";
import { MockGeminiClient } from "../../../src/testing.ts";
import { Secret } from "../../../src/words/secret.ts";
import { docsSite } from "../../support/docs-site.ts";
import { WRITING_PRICES } from "../../support/emulator/generation-counters.ts";
import { readStream } from "../../support/read-stream.ts";
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

const batching = { strategy: "batch", deadlineMinutes: 0 } as const;

/** A site whose sentences are in a job that a client with a writing model has created. */
async function siteWithSentenceJob() {
  const { clock, emulator } = await geminiHarness();
  const { withConfig } = await docsSite(pagesOf(12));
  const config = withConfig({ ...ENRICHED, batching });
  const generation = { model: WRITING_MODEL, ...WRITING_PRICES };
  const client = clientOf(emulator, clock, { batching, generation });
  expect((await indexSite({ config, client, clock })).enrichment).toMatchObject({ jobs: 1 });
  return { client, clock, config, emulator, withConfig };
}

test("collectJobs reads the jobs that indexSite created with the same client", async () => {
  const { client, clock, config } = await siteWithSentenceJob();
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

test("a sentence job is collected by the client's key after sentences were switched off", async () => {
  const { clock, emulator, withConfig } = await siteWithSentenceJob();
  clock.advance(3_600_000);
  const config = withConfig({ embedding: ENRICHED.embedding, batching });
  await indexSite({ config, client: clientOf(emulator, clock, { batching }), clock });
  expect(await listJobs({ config })).toMatchObject([{ space: { provider: "gemini" } }]);
});

test("cancelJob cancels a sentence job by the client's key", async () => {
  const { client, clock, config, emulator } = await siteWithSentenceJob();
  const [job] = await listJobs({ config });
  await cancelJob({ config, client, clock, name: job?.name ?? "" });
  expect(emulator.jobs.map(({ state }) => state)).toEqual(["BATCH_STATE_CANCELLED"]);
});

test("ask answers by the client's generator", async () => {
  const { clock, emulator } = await geminiHarness();
  const { config } = await docsSite(pagesOf(1));
  const index = new MockGeminiClient();
  await indexSite({ config, client: index });
  const generator = generatorOf(emulator, clock);
  await ask({
    config,
    question: "What does page p0 say?",
    client: Object.assign(index, { generator }),
  });
  expect(emulator.generation.billed).toMatchObject({ requests: 1 });
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

test("SmartGeminiClient names every problem at once", () => {
  const calls = { jitter: 2, typo: 1 };
  expect(() => new SmartGeminiClient({ apiKey: "key", dimensions: 5, calls })).toThrow(
    /^SmartGeminiClient: dimensions is .*; calls\.jitter: .*; calls: Unrecognized key: "typo"\.$/u,
  );
});

test("GeminiGenerator refuses calls that the configuration would refuse", () => {
  const options = { apiKey: "key", model: WRITING_MODEL, calls: { jitter: 2 } };
  expect(() => new GeminiGenerator(options)).toThrow(/^GeminiGenerator: calls\.jitter: /u);
});

test("`maxRetries: undefined` stands for the default", async () => {
  // What a caller without our compiler settings passes.
  const calls: Record<string, never> = JSON.parse("{}");
  Reflect.set(calls, "maxRetries", undefined);
  const { client, emulator } = await geminiHarness({ calls });
  emulator.addFault({ name: "unavailable", text: "one" });
  await expect(client.embedText("one")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(emulator.seen.calls).toBe(4);
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

test("a mock client can be extended as the real one can", async () => {
  class Stubborn extends MockGeminiClient {
    override generateContent(): ReturnType<MockGeminiClient["generateContent"]> {
      throw new Error("No.");
    }
  }
  const client: MockGeminiClient = new Stubborn();
  expect(() => client.generateContent([{ prompt: "one" }])).toThrow("No.");
  const { pieces } = await readStream(client.generateContentStream({ prompt: "one" }));
  expect(pieces.join("")).toContain("one");
});
