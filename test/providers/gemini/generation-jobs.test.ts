import { describe, expect, test } from "vitest";
import { memoryLedger } from "../../../src/sending/job-ledger.ts";
import type { GeminiGenerator } from "../../../src/providers/gemini/gemini-generator.ts";
import type { GeminiGeneratorOptions } from "../../../src/providers/gemini/gemini-options.ts";
import type { ClientEvent } from "../../../src/sending/events.ts";
import type { GenerationResult, SettledPrompt } from "../../../src/generation/client.ts";
import type { ScriptedFault } from "../../support/emulator/faults.ts";
import { generatorOf, geminiHarness } from "./gemini-harness.ts";

const REQUESTS = Array.from({ length: 12 }, (_, at) => ({ prompt: `p${at}.`, system: "be brief" }));
const OK = REQUESTS.map(({ prompt }) => `On ${prompt}`);

async function harness(
  faults: readonly ScriptedFault[] = [],
  options: Partial<GeminiGeneratorOptions> = {},
) {
  const answer = ({ prompt }: { readonly prompt: string }): string => `On ${prompt}`;
  const { clock, emulator } = await geminiHarness({}, { answer, latencyMs: 0 });
  faults.forEach((fault) => emulator.addFault(fault));
  const create = (): GeminiGenerator => generatorOf(emulator, clock, options);
  return { emulator, clock, create, generator: create() };
}

const textOf = (result: GenerationResult): string =>
  result.status === "ok" ? result.text : result.status;

const routesOf = (results: readonly GenerationResult[]): string[] =>
  results.map((result) => (result.status === "ok" ? result.route : result.status));

test("ten and more go as one job, and come back in their order", async () => {
  const { emulator, generator } = await harness();
  const { results, usage } = await generator.generateContent(REQUESTS);
  expect(results.map(textOf)).toEqual(OK);
  expect(emulator.generation.billed).toMatchObject({ calls: 0, jobs: 1, requests: 12 });
  const { inputTokens, outputTokens } = emulator.generation.billed;
  expect(usage).toMatchObject({
    calls: 0,
    jobs: 1,
    retries: 0,
    inputTokens,
    outputTokens,
    costUsd: null,
  });
  expect(
    emulator.requests.find(({ path }) => path.endsWith(":batchGenerateContent")),
  ).toMatchObject({
    body: { batch: { inputConfig: { fileName: expect.stringMatching(/^files\//u) } } },
  });
});

describe("what never waits for a job goes by calls", () => {
  test.each([
    ["a hurried purpose", {}, { purpose: "quick_enrichment" }],
    ["fewer than the threshold", { batching: { batchThreshold: 13 } }, {}],
    ["the free tier", { tier: "free" }, {}],
  ] as const)("%s", async (_why, made, asked) => {
    const { emulator, generator } = await harness([], made);
    const { results } = await generator.generateContent(REQUESTS, asked);
    expect(results.map(textOf)).toEqual(OK);
    expect(emulator.generation.billed).toMatchObject({ calls: 12, jobs: 0, duplicates: 0 });
  });
});

test("a job that outlives the run is collected by the next one, and paid for once", async () => {
  const { clock, create, emulator } = await harness();
  const ledger = memoryLedger();
  const ordered = await create().generateContent(REQUESTS, { deadlineMs: 0, ledger });
  expect(ordered.results[0]).toMatchObject({
    status: "pending",
    job: expect.stringMatching(/^batches\//u),
    reason: expect.stringMatching(/PENDING/u),
  });
  await clock.sleep(60_000);
  const settled: SettledPrompt[] = [];
  const settle = async (some: readonly SettledPrompt[]): Promise<void> => {
    settled.push(...some);
  };
  const later = { ...ledger, owner: "another run" };
  const events: ClientEvent[] = [];
  const { collected } = await create().collect({
    ledger: later,
    deadlineMs: 0,
    settle,
    onEvent: (event) => events.push(event),
  });
  expect(collected).toHaveLength(1);
  const { inputTokens, outputTokens } = emulator.generation.billed;
  expect(events.filter(({ type }) => type === "job_collected")).toEqual([
    {
      type: "job_collected",
      name: expect.stringMatching(/^batches\//u),
      texts: 12,
      tokens: inputTokens + outputTokens,
      inputTokens,
      outputTokens,
      costUsd: null,
    },
  ]);
  expect(settled.map(({ result }) => textOf(result))).toEqual(OK);
  expect(await ledger.open()).toEqual([]);
  expect(emulator.generation.billed).toMatchObject({ jobs: 1, duplicates: 0 });
});

test("a creation whose answer is lost makes one job", async () => {
  const { emulator, generator } = await harness([{ name: "create-cut-after", times: 1 }]);
  const { results } = await generator.generateContent(REQUESTS);
  expect(results.map(textOf)).toEqual(OK);
  expect(emulator.generation.billed).toMatchObject({ jobs: 1, duplicates: 0 });
});

test("a job that the service refuses goes by calls", async () => {
  const { emulator, generator } = await harness([{ name: "job-refused" }]);
  const warnings: string[] = [];
  const logger = { warn: (message: string): number => warnings.push(message) };
  const { results } = await generator.generateContent(REQUESTS, { logger });
  expect(results.map(textOf)).toEqual(OK);
  expect(warnings).toEqual([
    expect.stringMatching(/Its prompts are sent in individual calls instead\.$/u),
  ]);
  expect(emulator.generation.billed).toMatchObject({ jobs: 0, calls: 12 });
});

test.each(["row-failed", "row-missing", "row-duplicate"] as const)(
  "what a job has not served goes by a call: %s",
  async (name) => {
    const { emulator, generator } = await harness([{ name, text: "p7.", times: 1 }]);
    const lines: string[] = [];
    const logger = { info: (line: string): number => lines.push(line) };
    const { results, usage } = await generator.generateContent(REQUESTS, { logger });
    expect(results.map(textOf)).toEqual(OK);
    expect(routesOf(results)).toEqual(REQUESTS.map((_, at) => (at === 7 ? "individual" : "batch")));
    expect(lines.slice(1)).toEqual([
      "1 of 12 prompts got no answer from their batch job and are sent in individual calls, at full price",
    ]);
    expect(usage).toMatchObject({ calls: 1, jobs: 1 });
    expect(emulator.generation.seen.calls).toBe(1);
  },
);

test.each([
  ["answer-blocked", 0, "ANSWER_BLOCKED", /SAFETY/u],
  ["answer-empty", 4, "ANSWER_BLOCKED", /without text/u],
] as const)("%s fails its request alone, after %i calls", async (name, calls, code, message) => {
  const { emulator, generator } = await harness([{ name, text: "p7." }]);
  const { results } = await generator.generateContent(REQUESTS);
  const error = { code, message: expect.stringMatching(message) };
  expect(results[7]).toMatchObject({ status: "failed", error });
  expect(results.filter(({ status }) => status === "ok")).toHaveLength(11);
  expect(emulator.generation.seen.calls).toBe(calls);
});

test.each([
  ["bad-key", { status: "failed", error: { code: "AUTHENTICATION_FAILED" } }],
  ["not-found", { status: "failed", error: { code: "MODEL_UNAVAILABLE" } }],
  [
    "quota-of-day",
    { status: "pending", job: null, reason: expect.stringMatching(/request quota is used up/u) },
  ],
] as const)("after %s no further call is sent", async (name, result) => {
  const { emulator, generator } = await harness([{ name }], {
    batching: { maxParallelIndividual: 1 },
  });
  const { results } = await generator.generateContent(REQUESTS, { purpose: "rag_query" });
  expect(results).toMatchObject(REQUESTS.map(() => result));
  expect(emulator.generation.seen.calls).toBe(1);
});

test("a job that fails fails its requests", async () => {
  const { generator } = await harness([{ name: "job-failed" }]);
  const { results } = await generator.generateContent(REQUESTS);
  expect(results[0]).toMatchObject({ status: "failed", error: { code: "JOB_FAILED" } });
});

test("a job that has not ended at the deadline is cancelled for calls, if so wished", async () => {
  const { emulator, generator } = await harness();
  const bounds = { deadlineMs: 0, onDeadline: "individual" } as const;
  const { results } = await generator.generateContent(REQUESTS, bounds);
  expect(results.map(textOf)).toEqual(OK);
  expect(emulator.generation.billed).toMatchObject({ calls: 12, requests: 12 });
});

test("a job that has not ended at the deadline fails its requests, if so wished", async () => {
  const { generator } = await harness();
  const bounds = { deadlineMs: 0, onDeadline: "fail" } as const;
  const { results } = await generator.generateContent(REQUESTS, bounds);
  expect(results[0]).toMatchObject({ status: "failed", error: { code: "TIMEOUT" } });
});
