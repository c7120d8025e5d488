import { expect, test } from "vitest";
import { MockGeminiClient } from "../../src/testing.ts";
import type { EmbeddingRequest } from "../../src/index.ts";
import { geminiHarness } from "../providers/gemini/gemini-harness.ts";

test("an aborted stream stops reading its source", async () => {
  const client = new MockGeminiClient({ dimensions: 8, keepCalls: false });
  const stop = new AbortController();
  let read = 0;
  function* numbers(): Generator<EmbeddingRequest, void, undefined> {
    for (; read < 50_000; read += 1) yield { text: String(read) };
  }
  const options = { onError: "collect", signal: stop.signal } as const;
  for await (const { index } of client.embedContentStream(numbers(), options)) {
    if (index === 0) stop.abort();
  }
  expect(read).toBeLessThanOrEqual(10_000);
}, 60_000);

test("an aborted stream ends although its source is silent", async () => {
  const client = new MockGeminiClient({ dimensions: 8 });
  const stop = new AbortController();
  async function* silent(): AsyncGenerator<EmbeddingRequest, void, undefined> {
    yield { text: "one" };
    await new Promise(() => undefined);
  }
  const stream = client.embedContentStream(silent(), { signal: stop.signal });
  const ended = stream.next().then(
    () => "ended",
    () => "ended",
  );
  stop.abort();
  const hung = new Promise((resolve) => {
    setTimeout(resolve, 2000, "hung");
  });
  expect(await Promise.race([ended, hung])).toBe("ended");
});

test("deadlineMs bounds a whole stream, not each 10,000 requests of it", async () => {
  const { client, clock } = await geminiHarness({}, { jobMs: 3_600_000 });
  const startedAt = clock.now();
  const requests = Array.from({ length: 20_002 }, (_, at) => ({ text: `text ${at}` }));
  const options = { deadlineMs: 60_000, onError: "collect" } as const;
  const statuses = new Map<string, number>();
  for await (const { result } of client.embedContentStream(requests, options)) {
    statuses.set(result.status, (statuses.get(result.status) ?? 0) + 1);
  }
  // The last two go as calls, which come too late.
  expect(Object.fromEntries(statuses)).toEqual({ pending: 20_000, failed: 2 });
  expect(clock.now() - startedAt).toBeLessThan(90_000);
}, 60_000);

test("a list is checked as a whole before its stream sends anything", async () => {
  const { client, emulator } = await geminiHarness();
  const requests = Array.from({ length: 10_001 }, (_, at) => ({
    text: at === 10_000 ? "" : `text ${at}`,
  }));
  const reading = async (): Promise<void> => {
    for await (const { result } of client.embedContentStream(requests)) void result;
  };
  await expect(reading()).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  expect(emulator.billed).toMatchObject({ calls: 0, jobs: 0 });
}, 60_000);
