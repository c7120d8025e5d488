import { expect, test } from "vitest";
import { geminiHarness } from "./gemini-harness.ts";

const byCalls = { forceIndividual: true } as const;
const collect = { ...byCalls, onError: "collect" } as const;

const textsOf = (count: number, name = "Text number"): { text: string }[] =>
  Array.from({ length: count }, (_, at) => ({ text: `${name} ${at} of a manual.` }));

const single = { textsPerCall: 1, maxParallelIndividual: 16 } as const;

test("a burst of 429 halves the calls under way once", async () => {
  const { client, emulator } = await geminiHarness({ batching: single });
  emulator.addFault({ name: "rate-limited", times: 16, retryDelaySeconds: 1 });
  const { usage } = await client.embedContent(textsOf(16), byCalls);
  // Sixteen are refused, and sent again by eights.
  expect(usage.durationMs).toBe(400 + 1000 + 2 * 400);
});

test("after a 429 the calls under way come back to what they were", async () => {
  const { client, emulator } = await geminiHarness({ batching: single });
  emulator.addFault({ name: "rate-limited", times: 1, retryDelaySeconds: 1 });
  await client.embedContent(textsOf(200), byCalls);
  const { usage } = await client.embedContent(textsOf(64, "Later"), byCalls);
  expect(usage.durationMs).toBe(4 * 400);
});

test("a pause that the service asked for holds for every set", async () => {
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "rate-limited", times: 1, retryDelaySeconds: 33 });
  const first = client.embedContent(textsOf(1), byCalls);
  await clock.sleep(1000);
  const { usage } = await client.embedContent(textsOf(1, "Other"), byCalls);
  expect(usage.durationMs).toBe(400 + 33_000 - 1000 + 400);
  await first;
});

test("a service that asks for a day is not waited for", async () => {
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "rate-limited", retryDelaySeconds: 86_400 });
  const started = clock.now();
  const { results, usage } = await client.embedContent(textsOf(1), collect);
  expect(results).toMatchObject([{ status: "failed", error: { code: "RATE_LIMITED" } }]);
  expect(usage.calls).toBe(1);
  expect(clock.now() - started).toBe(400);
});

test("a call that is sent again is not refused for a full queue", async () => {
  const { client, clock, emulator } = await geminiHarness({
    batching: { maxParallelIndividual: 1 },
    maxQueuedCalls: 1,
  });
  emulator.addFault({ name: "unavailable", text: "first", times: 1 });
  const first = client.embedText("first");
  await clock.sleep(1300);
  const others = [client.embedText("second"), client.embedText("third")];
  await expect(first).resolves.toHaveLength(128);
  await Promise.all(others);
});

test("a refusal that no text caused takes few calls", async () => {
  const { client, emulator } = await geminiHarness();
  emulator.addFault({ name: "bad-request" });
  const { results } = await client.embedContent(textsOf(100), collect);
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["failed"]));
  expect(emulator.seen.calls).toBe(15);
});

test.each(["not-found", "forbidden"] as const)("after %s nothing more is sent", async (name) => {
  const { client, emulator } = await geminiHarness({ batching: { maxParallelIndividual: 1 } });
  emulator.addFault({ name });
  await client.embedContent(textsOf(3000), collect);
  expect(emulator.seen.calls).toBe(1);
});
