import { describe, expect, test } from "vitest";
import type { GeminiGeneratorOptions } from "../../../src/providers/gemini/gemini-options.ts";
import type { GenerationRequest } from "../../../src/generation/client.ts";
import type { ScriptedFault } from "../../support/emulator/faults.ts";
import { readStream } from "../../support/read-stream.ts";
import type { ReadAnswer } from "../../support/read-stream.ts";
import { generatorOf, geminiHarness, WRITING_MODEL } from "./gemini-harness.ts";

const ANSWER = "Hi there, all of you.";

async function harness(
  faults: readonly ScriptedFault[] = [],
  options: Partial<GeminiGeneratorOptions> = {},
) {
  const { clock, emulator } = await geminiHarness({}, { answer: () => ANSWER });
  faults.forEach((fault) => emulator.addFault(fault));
  return { emulator, clock, generator: generatorOf(emulator, clock, options) };
}

type Harness = Awaited<ReturnType<typeof harness>>;

/** All pieces of an answer, and how it ended or why not. */
const read = (
  { generator }: Harness,
  request: GenerationRequest = { prompt: "hi" },
): Promise<ReadAnswer> => readStream(generator.generateContentStream(request));

test("a request arrives as it was recorded, and its answer with what it took", async () => {
  const prices = { usdPerMillionInputTokens: 2, usdPerMillionOutputTokens: 3 };
  const { emulator, generator } = await harness([], prices);
  const request = { prompt: "hi", system: "be brief", temperature: 0, maxOutputTokens: 50 };
  const { results, usage } = await generator.generateContent([{ ...request, tag: "t" }]);
  expect(results).toEqual([
    { status: "ok", route: "individual", text: ANSWER, finish: "complete", tag: "t" },
  ]);
  expect(emulator.requests).toMatchObject([
    {
      path: `/v1beta/models/${WRITING_MODEL}:generateContent`,
      body: {
        contents: [{ parts: [{ text: "hi" }], role: "user" }],
        systemInstruction: { parts: [{ text: "be brief" }], role: "user" },
        generationConfig: { temperature: 0, maxOutputTokens: 50 },
      },
    },
  ]);
  const { inputTokens, outputTokens } = emulator.generation.billed;
  const costUsd = (inputTokens * 2 + outputTokens * 3) / 1e6;
  expect(usage).toMatchObject({
    calls: 1,
    jobs: 0,
    retries: 0,
    inputTokens,
    outputTokens,
    costUsd,
  });
});

test("without prices the cost is not known", async () => {
  const { generator } = await harness([], { usdPerMillionInputTokens: 2 });
  const { usage } = await generator.generateContent([{ prompt: "hi" }]);
  expect(usage.costUsd).toBeNull();
});

test("many requests go a few at a time, results keep their order, and a failed one does not stop the others", async () => {
  const { emulator, generator } = await harness([{ name: "answer-blocked", text: "p3" }], {
    batching: { maxParallelIndividual: 2 },
  });
  const requests = ["p0", "p1", "p2", "p3", "p4"].map((prompt) => ({ prompt, tag: prompt }));
  const { results } = await generator.generateContent(requests);
  expect(results.map(({ tag, status }) => `${tag} ${status}`)).toEqual([
    "p0 ok",
    "p1 ok",
    "p2 ok",
    "p3 failed",
    "p4 ok",
  ]);
  expect(emulator.generation.seen.mostCallsAtOnce).toBe(2);
});

test("a stream gives each piece as it arrives", async () => {
  const opened = await harness();
  const { pieces, end } = await read(opened);
  expect(pieces).toEqual(["Hi ther", "e, all ", "of you."]);
  expect(end).toMatchObject({ finish: "complete", usage: { calls: 1, retries: 0 } });
  expect(end?.usage.outputTokens).toBe(opened.emulator.generation.billed.outputTokens);
});

test("a reader who stops reading a stream ends the call", async () => {
  const { clock, generator } = await harness([{ name: "stream-hang" }]);
  const started = clock.now();
  const seen: string[] = [];
  for await (const piece of generator.generateContentStream({ prompt: "hi" })) {
    seen.push(piece);
    break;
  }
  expect(seen).toEqual(["Hi ther"]);
  expect(clock.now() - started).toBe(400);
});

describe("passing failures are retried, for whole and for streamed answers", () => {
  test.each([
    ["unavailable", 1, 400 + 1000 + 400],
    ["internal", 2, 400 + 1000 + 400 + 2000 + 400],
    ["reset-after", 1, 400 + 1000 + 400],
    ["malformed-json", 1, 400 + 1000 + 400],
  ] as const)("%s, %i times", async (name, times, durationMs) => {
    const whole = await harness([{ name, times }]);
    const started = whole.clock.now();
    const { results, usage } = await whole.generator.generateContent([{ prompt: "hi" }]);
    expect(results).toMatchObject([{ status: "ok", text: ANSWER }]);
    expect(usage).toMatchObject({ calls: times + 1, retries: times });
    expect(whole.clock.now() - started).toBe(durationMs);
    const streamed = await harness([{ name, times }]);
    expect((await read(streamed)).pieces.join("")).toBe(ANSWER);
  });
});

test("a wait that the service asks for holds up every call, and is no retry of the policy", async () => {
  const fault = { name: "rate-limited", retryDelaySeconds: 20, times: 1 } as const;
  const batching = { maxParallelIndividual: 2 };
  const { clock, emulator, generator } = await harness([fault], { batching });
  const started = clock.now();
  const arrivals: number[] = [];
  generator.events.listen(({ type }) => {
    if (type === "success") arrivals.push(clock.now() - started);
  });
  const requests = ["a", "b", "c"].map((prompt) => ({ prompt }));
  await generator.generateContent(requests);
  expect(arrivals).toEqual([400, 20_800, 20_800]);
  expect(emulator.generation.billed).toMatchObject({ requests: 3, duplicates: 0 });
});

describe("a withheld answer is a typed error", () => {
  test.each([
    ["answer-blocked", "ANSWER_BLOCKED", /stopped its answer \(SAFETY\)/u],
    ["prompt-blocked", "ANSWER_BLOCKED", /refused this prompt \(SAFETY\)/u],
    ["no-candidates", "ANSWER_MALFORMED", /ended its answer too early/u],
    ["answer-empty", "ANSWER_BLOCKED", /without text/u],
    ["bad-request", "INVALID_REQUEST", /400 INVALID_ARGUMENT/u],
    ["bad-key", "AUTHENTICATION_FAILED", /Check the key/u],
    ["not-found", "MODEL_UNAVAILABLE", /Check generation\.model/u],
    ["hang", "TIMEOUT", /within 120 s/u],
  ] as const)("%s", async (name, code, message) => {
    const { generator } = await harness([{ name }]);
    const { results } = await generator.generateContent([{ prompt: "hi" }]);
    const error = { code, message: expect.stringMatching(message) };
    expect(results).toMatchObject([{ status: "failed", error }]);
  });
});

describe("a stream that breaks off says so after the text that came", () => {
  test.each([
    ["stream-error", "UNAVAILABLE"],
    ["stream-cut", "UNAVAILABLE"],
    ["stream-hang", "TIMEOUT"],
    ["stream-unfinished", "ANSWER_MALFORMED"],
    ["answer-blocked", "ANSWER_BLOCKED"],
  ] as const)("%s", async (name, code) => {
    const opened = await harness([{ name }]);
    const { pieces, error } = await read(opened);
    expect(pieces).toEqual(["Hi ther", "e, all "]);
    expect(error).toMatchObject({ code });
    expect(opened.emulator.generation.seen.calls).toBe(1);
  });
});

test("an answer that was cut short says so, whole or streamed", async () => {
  const opened = await harness([{ name: "answer-cut-short" }]);
  const { results } = await opened.generator.generateContent([{ prompt: "hi" }]);
  expect(results).toMatchObject([{ status: "ok", text: "Hi there, ", finish: "cut" }]);
  expect(await read(opened)).toMatchObject({ end: { finish: "cut" } });
});

test.each([
  [{ model: null }, "CONFIG_INVALID", /^generation\.model: /u],
  [{ apiKey: null }, "KEY_MISSING", /GEMINI_API_KEY/u],
] as const)("without %o nothing is sent", async (options, code, message) => {
  const opened = await harness([], options);
  const error = { code, message: expect.stringMatching(message) };
  await expect(opened.generator.generateContent([])).rejects.toMatchObject(error);
  expect(await read(opened)).toMatchObject({ error });
  expect(() => opened.generator.requireReady()).toThrow(message);
  expect(opened.emulator.requests).toEqual([]);
});
