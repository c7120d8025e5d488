import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { DayCount } from "../../../src/sending/day-quota.ts";
import { chooseStrategy } from "../../../src/planning/choose-strategy.ts";
import type { EmbeddingResult } from "../../../src/words/types.ts";
import { BATCHING, itemsOf } from "../../planning/plan-items.ts";
import { geminiHarness } from "./gemini-harness.ts";

const byCalls = { forceIndividual: true } as const;
const collect = { ...byCalls, onError: "collect" } as const;

const textsOf = (count: number, name = "Text number"): { text: string }[] =>
  Array.from({ length: count }, (_, at) => ({ text: `${name} ${at} of a manual.` }));

const countOf = (results: readonly EmbeddingResult[], status: EmbeddingResult["status"]): number =>
  results.filter((result) => result.status === status).length;

const NOTHING = { calls: 0, retries: 0, texts: 0, textsRepeated: 0, tokens: 0 };

test("a late attempt sends only what the day's quota has left", async () => {
  const limits = { tier: "free", requestsPerDay: 15 } as const;
  const { client, emulator } = await geminiHarness({ limits });
  emulator.addFault({ name: "reset-after", times: 1 });
  const { results, usage } = await client.embedContent(textsOf(10), collect);
  expect([countOf(results, "ok"), countOf(results, "pending")]).toEqual([5, 5]);
  expect(usage).toMatchObject({ calls: 2, retries: 1, texts: 10, textsRepeated: 5 });
  const more = await client.embedContent(textsOf(1, "One more"), collect);
  expect(more.results).toMatchObject([{ status: "pending" }]);
  expect(emulator.seen.texts).toHaveLength(15);
});

test("requests of the day count when they are sent, not when they are planned", async () => {
  const { client, clock, emulator } = await geminiHarness({ limits: { tier: "free" } });
  const stop = new AbortController();
  const first = client.embedContent(textsOf(500), { ...collect, signal: stop.signal });
  await clock.sleep(5000);
  stop.abort();
  expect(countOf((await first).results, "ok")).toBe(100);
  const { results } = await client.embedContent(textsOf(901, "Other"), collect);
  expect(countOf(results, "ok")).toBe(900);
  expect(emulator.billed.texts).toBe(1000);
});

test("requests that the service refused are not counted", async () => {
  const limits = { tier: "free", requestsPerDay: 10 } as const;
  const { client, emulator } = await geminiHarness({ limits });
  emulator.addFault({ name: "unavailable", times: 3 });
  const { results } = await client.embedContent(textsOf(10), collect);
  expect(countOf(results, "ok")).toBe(10);
});

test("once the service says that the day's quota is used up, nothing more is sent that day", async () => {
  const { client, clock, emulator } = await geminiHarness({ limits: { tier: "free" } });
  emulator.addFault({ name: "quota-of-day", times: 1 });
  await client.embedContent(textsOf(1), collect);
  const { results, usage } = await client.embedContent(textsOf(2, "Later"), collect);
  expect(countOf(results, "pending")).toBe(2);
  expect(usage).toMatchObject(NOTHING);
  clock.advance(24 * 3_600_000);
  expect(countOf((await client.embedContent(textsOf(2), collect)).results, "ok")).toBe(2);
  expect(emulator.seen.calls).toBe(2);
});

test("one text for which the day has no request left is an error that says so", async () => {
  const { client } = await geminiHarness({ limits: { tier: "free", requestsPerDay: 1 } });
  await client.embedText("one");
  await expect(client.embedText("two")).rejects.toMatchObject({
    code: "QUOTA_OF_DAY",
    message: expect.stringContaining("midnight Pacific"),
  });
});

test("every answer that is lost counts with its tokens, the last one too", async () => {
  const { client, emulator } = await geminiHarness();
  emulator.addFault({ name: "zero-vector" });
  const { usage } = await client.embedContent(textsOf(3), collect);
  const { tokens } = emulator.billed;
  expect(emulator.billed).toMatchObject({ calls: 4, texts: 12 });
  expect(usage).toMatchObject({ calls: 4, retries: 3, texts: 3, textsRepeated: 9 });
  // The service counts what it reads; what is lost is counted by the planner's estimate.
  expect(usage.tokens).toBeGreaterThanOrEqual(tokens);
  expect(usage.tokens).toBeLessThan(tokens + 12 * 10);
});

test("a repetition counts when it is sent", async () => {
  const { client, emulator } = await geminiHarness({ limits: { tier: "free" } });
  emulator.addFault({ name: "reset-after", times: 1 });
  const options = { ...collect, deadlineMs: 30_000 };
  const { results, usage } = await client.embedContent(textsOf(100), options);
  expect(countOf(results, "failed")).toBe(100);
  expect(emulator.seen.calls).toBe(1);
  expect(usage).toMatchObject({ calls: 1, retries: 0, textsRepeated: 0 });
});

test.each([0, -1])("with a deadline of %s ms nothing is sent", async (deadlineMs) => {
  const { client, emulator } = await geminiHarness();
  await client.embedText("the SDK is loaded");
  const { results, usage } = await client.embedContent(textsOf(3), { ...collect, deadlineMs });
  expect(results[0]).toMatchObject({ status: "failed", error: { code: "TIMEOUT" } });
  expect(usage).toMatchObject(NOTHING);
  expect(emulator.seen.calls).toBe(1);
});

test("an immediate abort sends nothing", async () => {
  const { client, emulator } = await geminiHarness();
  const stop = new AbortController();
  const embedding = client.embedContent(textsOf(3), { ...collect, signal: stop.signal });
  stop.abort();
  const { results, usage } = await embedding;
  expect(results[0]).toMatchObject({ status: "failed", error: { code: "INTERRUPTED" } });
  expect(usage).toMatchObject(NOTHING);
  expect(emulator.seen.calls).toBe(0);
});

test("with a signal that is aborted already, fail-fast throws that it was interrupted", async () => {
  const { client, emulator } = await geminiHarness();
  const options = { ...byCalls, signal: AbortSignal.abort() };
  await expect(client.embedContent(textsOf(3), options)).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
  await expect(client.embedText("x", { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
  expect(emulator.seen.calls).toBe(0);
});

test("a call that the deadline cuts off counts with its tokens", async () => {
  const limits = { tier: "free", requestsPerDay: 3 } as const;
  const { client, emulator } = await geminiHarness({ limits });
  emulator.addFault({ name: "hang", times: 1 });
  const { usage } = await client.embedContent(textsOf(3), { ...collect, deadlineMs: 1000 });
  expect(usage).toMatchObject({ calls: 1, texts: 3, tokens: expect.any(Number) });
  expect(usage.tokens).toBeGreaterThan(0);
  const { results } = await client.embedContent(textsOf(1, "Later"), collect);
  expect(countOf(results, "pending")).toBe(1);
});

test("an abort while requests of the day are reserved sends nothing", async () => {
  const { client, emulator } = await geminiHarness({ limits: { tier: "free" } });
  const stop = new AbortController();
  const counts: number[] = [];
  const requestsOfDay = {
    read: async () => null,
    write: async ({ requests }: DayCount) => {
      counts.push(requests);
      stop.abort();
    },
  };
  const { profile } = client;
  const plan = chooseStrategy(itemsOf(3), BATCHING, { profile, forceIndividual: true });
  const usage = await client.execute(plan, {
    signal: stop.signal,
    requestsOfDay,
    inputsOf: async (items) => items.map(({ fingerprint }) => ({ title: null, text: fingerprint })),
    settle: async () => undefined,
  });
  expect(usage).toMatchObject(NOTHING);
  expect(emulator.seen.calls).toBe(0);
  expect(counts).toEqual([3, 0]);
});

test("the tokens of a job are at or above what the service counts", async () => {
  const { client, emulator } = await geminiHarness();
  const { usage } = await client.embedContent(textsOf(12), { forceBatch: true });
  expect(usage).toMatchObject({ jobs: 1, texts: 12 });
  expect(usage.tokens).toBeGreaterThanOrEqual(emulator.billed.tokens);
});

test("a set that is done before its deadline leaves no timer behind", async () => {
  const { client, clock } = await geminiHarness();
  const started = clock.now();
  await client.embedContent(textsOf(3), { ...byCalls, deadlineMs: 3_600_000 });
  // Virtual time would run on to a timer.
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
  expect(clock.now() - started).toBe(400);
});
