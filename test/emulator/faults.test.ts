import { describe, expect, test } from "vitest";
import type { CallFault } from "../support/emulator/fault-names.ts";
import { contentOf, openEmulator } from "./open-emulator.ts";

const MODEL = "gemini-embedding-001";
const config = { outputDimensionality: 128 };

/** HTTP status and canonical status of the error that the SDK throws. */
const REFUSALS: readonly (readonly [CallFault, number, string])[] = [
  ["bad-request", 400, "INVALID_ARGUMENT"],
  ["bad-key", 400, "API_KEY_INVALID"],
  ["unauthenticated", 401, "UNAUTHENTICATED"],
  ["forbidden", 403, "PERMISSION_DENIED"],
  ["not-found", 404, "NOT_FOUND"],
  ["timeout-408", 408, "Request Timeout"],
  ["rate-limited", 429, "RESOURCE_EXHAUSTED"],
  ["quota-of-day", 429, "PerDay"],
  ["internal", 500, "INTERNAL"],
  ["bad-gateway", 502, "<html>"],
  ["unavailable", 503, "UNAVAILABLE"],
  ["gateway-timeout", 504, "DEADLINE_EXCEEDED"],
];

test.each(REFUSALS)("%s answers %i and bills nothing", async (name, status, message) => {
  const { ai, emulator } = await openEmulator();
  emulator.addFault({ name });
  await expect(
    ai.models.embedContent({ model: MODEL, contents: ["a"], config }),
  ).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
  expect(emulator.seen.calls).toBe(1);
  expect(emulator.billed.calls).toBe(0);
});

/** The SDK's error for a lost answer, and how many calls are billed anyway. */
const LOSSES: readonly (readonly [CallFault, string, number])[] = [
  ["reset-before", "fetch failed", 0],
  ["reset-after", "fetch failed", 1],
  ["cut-body", "terminated", 1],
  ["malformed-json", "JSON", 1],
];

test.each(LOSSES)("%s fails with %j and bills %i calls", async (name, message, billed) => {
  const { ai, emulator } = await openEmulator();
  emulator.addFault({ name });
  await expect(ai.models.embedContent({ model: MODEL, contents: ["a"], config })).rejects.toThrow(
    message,
  );
  expect(emulator.billed.calls).toBe(billed);
});

/** How many vectors arrive for two texts, and the first of them. */
const SPOILT: readonly (readonly [CallFault, number, unknown])[] = [
  ["short-answer", 1, { length: 128 }],
  ["long-answer", 3, { length: 128 }],
  ["wrong-length", 2, { length: 127 }],
  ["not-a-number", 2, Array.from({ length: 128 }, () => null)],
  ["zero-vector", 2, Array.from({ length: 128 }, () => 0)],
];

test.each(SPOILT)("%s spoils the vectors of a billed call", async (name, count, vector) => {
  const { ai, emulator } = await openEmulator();
  emulator.addFault({ name });
  const contents = ["a", "b"].map(contentOf);
  const { embeddings } = await ai.models.embedContent({ model: MODEL, contents, config });
  expect(embeddings).toHaveLength(count);
  expect(embeddings?.[0]?.values).toMatchObject(Object(vector));
  expect(emulator.billed.texts).toBe(2);
});

test("a short answer lacks the first vector, so the others are shifted", async () => {
  const { ai, emulator } = await openEmulator();
  const contents = ["a", "b"].map(contentOf);
  const embed = () => ai.models.embedContent({ model: MODEL, contents, config });
  const { embeddings: whole } = await embed();
  emulator.addFault({ name: "short-answer" });
  const { embeddings: short } = await embed();
  expect(short?.[0]).toEqual(whole?.[1]);
});

test("a fault affects only calls with its text, and only as often as it says", async () => {
  const { ai, emulator } = await openEmulator();
  emulator.addFault({ name: "unavailable", text: "bad", times: 2 });
  const embed = (text: string) =>
    ai.models.embedContent({ model: MODEL, contents: ["good", text].map(contentOf), config });
  await embed("fine");
  await expect(embed("a bad text")).rejects.toMatchObject({ status: 503 });
  await expect(embed("a bad text")).rejects.toMatchObject({ status: 503 });
  await embed("a bad text");
  expect(emulator.seen.calls).toBe(4);
  expect(emulator.billed).toMatchObject({ calls: 2, duplicates: 1 });
});

test("a rate limit states how long to wait only if the fault says so", async () => {
  const { ai, emulator } = await openEmulator();
  emulator.addFault({ name: "rate-limited", times: 1, retryDelaySeconds: 7 });
  emulator.addFault({ name: "rate-limited" });
  const messageOf = async () => {
    const answer = ai.models.embedContent({ model: MODEL, contents: ["a"], config });
    return answer.then(() => "", String);
  };
  expect(await messageOf()).toMatch(/retry in 7s.*"retryDelay":"7s"/);
  expect(await messageOf()).not.toMatch(/retry in|RetryInfo/);
});

describe("a call that hangs", () => {
  test("ends when the client aborts, and lets its time pass", async () => {
    const { ai, clock, emulator } = await openEmulator();
    emulator.addFault({ name: "hang" });
    const controller = new AbortController();
    const timeout = clock.sleep(30_000).then(() => controller.abort());
    const started = clock.now();
    const call = ai.models.embedContent({
      model: MODEL,
      contents: ["a"],
      config: { ...config, abortSignal: controller.signal },
    });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await timeout;
    expect(clock.now() - started).toBe(30_000);
    expect(emulator.billed.calls).toBe(0);
  });

  test("ends when the emulator is closed", async () => {
    const { ai, emulator } = await openEmulator();
    emulator.addFault({ name: "hang" });
    const call = ai.models.embedContent({ model: MODEL, contents: ["a"], config });
    const failure = call.then(() => "answered", String);
    await expect.poll(() => emulator.requests.length).toBe(1);
    await emulator.close();
    expect(await failure).toContain("fetch failed");
  });
});

test("a closed emulator refuses connections", async () => {
  const { ai, emulator } = await openEmulator();
  await emulator.close();
  await expect(
    ai.models.embedContent({ model: MODEL, contents: ["a"], config }),
  ).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
});

test("random faults occur in their shares, and the same seed gives the same faults in any order", async () => {
  const texts = Array.from({ length: 200 }, (_, at) => `text ${at}`);
  const failuresOf = async (seed: number, order: readonly string[]) => {
    const random = { seed, rates: { unavailable: 0.1, "rate-limited": 0.1 } };
    const { ai } = await openEmulator({ random });
    const failed = await Promise.all(
      order.map((text) =>
        ai.models.embedContent({ model: MODEL, contents: [text], config }).then(
          () => null,
          (error: unknown) => `${text}: ${String(error).slice(0, 40)}`,
        ),
      ),
    );
    return failed.filter((one) => one !== null).sort();
  };
  const failures = await failuresOf(1, texts);
  expect(failures.length).toBeGreaterThan(20);
  expect(failures.length).toBeLessThan(60);
  expect(await failuresOf(1, texts.toReversed())).toEqual(failures);
  expect(await failuresOf(2, texts)).not.toEqual(failures);
});
