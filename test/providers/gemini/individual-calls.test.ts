import { expect, test } from "vitest";
import type { EmbeddingResult } from "../../../src/words/types.ts";
import { clientOf, geminiHarness } from "./gemini-harness.ts";

const textsOf = (count: number): { text: string }[] =>
  Array.from({ length: count }, (_, at) => ({ text: `Text number ${at} of a manual.` }));

const byCalls = { forceIndividual: true } as const;

const codeOf = (result: EmbeddingResult | undefined): unknown =>
  result?.status === "failed" && "code" in result.error ? result.error.code : result?.status;

test("1,000 texts are ten calls, and what they took is what the service counted", async () => {
  const { client, emulator } = await geminiHarness();
  const { results, usage } = await client.embedContent(textsOf(1000), byCalls);
  expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 1000 }, () => "ok"));
  const { calls, texts, tokens, costUsd } = emulator.billed;
  expect({ calls, texts }).toEqual({ calls: 10, texts: 1000 });
  expect(usage).toEqual({
    calls,
    texts,
    tokens,
    inputTokens: tokens,
    outputTokens: 0,
    costUsd: expect.closeTo(costUsd, 9),
    jobs: 0,
    retries: 0,
    textsRepeated: 0,
    cacheHits: 0,
    durationMs: 800,
  });
});

test("on the free tier 500 short texts take the four minutes that its limits dictate", async () => {
  const quota = { requestsPerMinute: 100, tokensPerMinute: 30_000, requestsPerDay: 1000 };
  const { client, clock, emulator } = await geminiHarness({ limits: { tier: "free" } }, { quota });
  const started = clock.now();
  const { results, usage } = await client.embedContent(textsOf(500), byCalls);
  expect(results.every(({ status }) => status === "ok")).toBe(true);
  expect(usage).toMatchObject({ calls: 5, retries: 0 });
  expect(emulator.seen.calls).toBe(5);
  expect(clock.now() - started).toBeLessThanOrEqual(1.05 * 4 * 60_000);
});

test("a 429 halves the calls under way, and they recover", async () => {
  const { client, emulator } = await geminiHarness({ batching: { textsPerCall: 1 } });
  emulator.addFault({ name: "rate-limited", times: 1, retryDelaySeconds: 33 });
  const { usage } = await client.embedContent(textsOf(40), byCalls);
  expect(usage).toMatchObject({ calls: 41, retries: 1, textsRepeated: 0, texts: 40 });
  expect(emulator.seen.mostCallsAtOnce).toBe(5);
  expect(usage.durationMs).toBeGreaterThanOrEqual(33_000);
});

test("a pack that is refused halves until the guilty text stands alone", async () => {
  const { client, emulator } = await geminiHarness();
  emulator.addFault({ name: "bad-request", text: "number 37 " });
  const options = { ...byCalls, onError: "collect" } as const;
  const { results } = await client.embedContent(textsOf(100), options);
  expect(results.flatMap((result, at) => (result.status === "ok" ? [] : [at]))).toEqual([37]);
  expect(codeOf(results[37])).toBe("INVALID_REQUEST");
});

test("without a network the error says so, and no key is in it", async () => {
  const { client, emulator } = await geminiHarness();
  await emulator.close();
  const failure = await client.embedText("x").catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "UNAVAILABLE" });
  expect(String(failure)).toContain("could not reach");
  expect(JSON.stringify(failure)).not.toContain(emulator.key);
});

test("a hanging call ends after 30 s, and is sent again", async () => {
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "hang", times: 1 });
  const started = clock.now();
  const { usage } = await client.embedContent(textsOf(2), byCalls);
  expect(usage).toMatchObject({ calls: 2, retries: 1, textsRepeated: 2 });
  expect(clock.now() - started).toBe(30_000 + 1000 + 400);
});

test("a deadline ends waiting and trying, as a typed error", async () => {
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "hang" });
  const started = clock.now();
  const late = client.embedContent(textsOf(2), { ...byCalls, deadlineMs: 5000 });
  await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
  expect(clock.now() - started).toBe(5000);
});

test("a query that nobody waits for any more leaves no call behind", async () => {
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "hang" });
  const started = clock.now();
  const query = { text: "x", taskType: "RETRIEVAL_QUERY", purpose: "rag_query" } as const;
  const late = await client.embed(query, { deadlineMs: 300 });
  expect(codeOf(late)).toBe("TIMEOUT");
  await client.close();
  expect(clock.now() - started).toBe(300);
  expect(emulator.seen.calls).toBe(1);
});

test("a wrong key is one call, and nothing more is sent", async () => {
  const { emulator, clock } = await geminiHarness();
  const client = clientOf(emulator, clock, {
    apiKey: "wrong",
    batching: { textsPerCall: 10, maxParallelIndividual: 1 },
  });
  const options = { ...byCalls, onError: "collect" } as const;
  const { results } = await client.embedContent(textsOf(50), options);
  expect(new Set(results.map(codeOf))).toEqual(new Set(["AUTHENTICATION_FAILED"]));
  expect(emulator.seen.calls).toBe(1);
});

test("the quota of the day leaves the rest pending, and the reason says until when", async () => {
  const { client, emulator } = await geminiHarness({
    limits: { tier: "free", requestsPerDay: 25 },
  });
  const { results, usage } = await client.embedContent(textsOf(40), byCalls);
  const statuses = results.map(({ status }) => status);
  expect(statuses.filter((status) => status === "ok")).toHaveLength(25);
  expect(statuses.filter((status) => status === "pending")).toHaveLength(15);
  expect(results[39]).toMatchObject({
    job: null,
    reason: expect.stringMatching(/midnight Pacific/u),
  });
  expect(usage.texts).toBe(25);
  expect(emulator.billed.texts).toBe(25);
});

test("when the service says that the day is over, the rest is pending too", async () => {
  const { client, emulator } = await geminiHarness({
    batching: { textsPerCall: 10, maxParallelIndividual: 1 },
  });
  emulator.addFault({ name: "quota-of-day", text: "number 10 " });
  const { results } = await client.embedContent(textsOf(40), byCalls);
  expect(results.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 10 }, () => "ok"),
    ...Array.from({ length: 30 }, () => "pending"),
  ]);
  expect(emulator.seen.calls).toBe(2);
});

test("sets under way at once share the pool, and a full queue is a typed error", async () => {
  const { client, emulator } = await geminiHarness({
    batching: { maxParallelIndividual: 2 },
    maxQueuedCalls: 3,
  });
  const all = await Promise.allSettled(textsOf(8).map(({ text }) => client.embedText(text)));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  const refused = all.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
  expect(refused).toEqual(["POOL_EXHAUSTED", "POOL_EXHAUSTED", "POOL_EXHAUSTED"]);
  expect(emulator.seen.mostCallsAtOnce).toBe(2);
  expect(client.metrics).toMatchObject({ longestQueue: 3, poolExhausted: 3 });
});

test("results are streamed as they settle, each with the index of its request", async () => {
  const { client, emulator } = await geminiHarness({ batching: { textsPerCall: 2 } });
  emulator.addFault({ name: "unavailable", text: "number 0 ", times: 1 });
  const order: number[] = [];
  for await (const { index, result } of client.embedContentStream(textsOf(6), byCalls)) {
    expect(result.status).toBe("ok");
    order.push(index);
  }
  expect(order).toEqual([2, 3, 4, 5, 0, 1]);
});

test("a reader who stops reading a stream stops the unsent requests", async () => {
  const { client, emulator } = await geminiHarness({
    batching: { textsPerCall: 1, maxParallelIndividual: 1 },
  });
  for await (const { index } of client.embedContentStream(textsOf(20), byCalls)) {
    expect(index).toBe(0);
    break;
  }
  expect(emulator.seen.calls).toBeLessThanOrEqual(2);
});

test("the first failure stops what has not been sent, and is thrown", async () => {
  const { client, emulator } = await geminiHarness({
    batching: { textsPerCall: 1, maxParallelIndividual: 1 },
  });
  emulator.addFault({ name: "bad-request", text: "number 3 " });
  const failing = client.embedContent(textsOf(20), byCalls);
  await expect(failing).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  expect(emulator.seen.calls).toBe(4);
});

test.each([
  { what: "no text", request: { text: " " }, says: "has no text" },
  { what: "too long", request: { text: "word ".repeat(9000) }, says: "the model reads 8182" },
])("a request with $what is refused before anything is sent", async ({ request, says }) => {
  const { client, emulator } = await geminiHarness();
  const refused = client.embedContent([{ text: "good" }, { ...request, tag: "guide.md" }], byCalls);
  await expect(refused).rejects.toThrow(says);
  await expect(refused).rejects.toThrow("“guide.md”");
  expect(emulator.seen.calls).toBe(0);
});

test("an unknown task type is refused before anything is sent, naming the known ones", async () => {
  const { client, emulator } = await geminiHarness();
  const request = JSON.parse('{ "text": "x", "taskType": "RETRIEVE" }');
  await expect(client.embedContent([request])).rejects.toThrow(/RETRIEVE.*RETRIEVAL_QUERY/u);
  expect(emulator.seen.calls).toBe(0);
});

test("without a key nothing is sent, and the error names the variable and none", async () => {
  const { emulator, clock } = await geminiHarness();
  const client = clientOf(emulator, clock, { apiKey: null });
  await expect(client.embedText("x")).rejects.toMatchObject({ code: "KEY_MISSING" });
  await expect(client.embedText("x")).rejects.toThrow(/GEMINI_API_KEY.*"none"/u);
  expect(emulator.seen.calls).toBe(0);
});
