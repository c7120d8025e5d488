import { expect, test } from "vitest";
import { heldFetch } from "../support/held-fetch.ts";
import { startEmulator } from "../support/emulator/emulator.ts";
import { openEmulator } from "./open-emulator.ts";

const MODEL = "gemini-embedding-001";
const LATENCY_MS = 400;
const TIMEOUT_MS = 30_000;

test("in hundreds of calls, no timer of the client fires early, and waiting takes no time", async () => {
  const { ai, clock } = await openEmulator({ latencyMs: LATENCY_MS });
  const began = { real: Date.now(), virtual: clock.now() };
  const timeouts: number[] = [];
  const call = async (text: string) => {
    const controller = new AbortController();
    const timer = new AbortController();
    const timeout = clock.sleep(TIMEOUT_MS, timer.signal).then(
      () => timeouts.push(clock.now()),
      () => null,
    );
    const { signal: abortSignal } = controller;
    const config = { outputDimensionality: 128, abortSignal };
    await ai.models.embedContent({ model: MODEL, contents: [text], config });
    timer.abort();
    await timeout;
  };
  for (let round = 0; round < 30; round += 1) {
    await Promise.all(Array.from({ length: 10 }, (_, at) => call(`text ${round} ${at}`)));
  }
  expect(timeouts).toEqual([]);
  expect(clock.now() - began.virtual).toBe(30 * LATENCY_MS);
  expect(Date.now() - began.real).toBeLessThan(20_000);
});

test("time passes while the server sleeps and stops while bytes travel", async () => {
  const { clock, emulator } = await openEmulator({ latencyMs: LATENCY_MS });
  const fetch = heldFetch(clock);
  const began = clock.now();
  const response = await fetch(`${emulator.url}/v1beta/models/gemini-embedding-001:embedContent`, {
    method: "POST",
    headers: { "x-goog-api-key": emulator.key },
    body: JSON.stringify({ content: { parts: [{ text: "a" }] } }),
  });
  const woken: number[] = [];
  const asleep = clock.sleep(5).then(() => woken.push(clock.now() - began));
  await expect.poll(() => emulator.billed.calls).toBe(1);
  expect(woken).toEqual([]);
  await response.text();
  await asleep;
  expect(woken).toEqual([LATENCY_MS + 5]);
});

test.each(["cut-body", "reset-before"] as const)("after %s time goes on", async (name) => {
  const { ai, clock, emulator } = await openEmulator();
  emulator.addFault({ name });
  await expect(ai.models.embedContent({ model: MODEL, contents: ["a"] })).rejects.toThrow(Error);
  await expect(clock.sleep(1000)).resolves.toBeUndefined();
});

test("time passes again after a body is cancelled", async () => {
  const { clock, emulator } = await openEmulator();
  const response = await heldFetch(clock)(`${emulator.url}/v1beta/models`);
  await response.body?.cancel();
  await expect(clock.sleep(1000)).resolves.toBeUndefined();
});

test("a client that aborts during the latency does not release the holds of others", async () => {
  const { ai, clock } = await openEmulator({ latencyMs: LATENCY_MS });
  const embed = (abortSignal: AbortSignal) =>
    ai.models.embedContent({ model: MODEL, contents: ["a"], config: { abortSignal } });
  for (let round = 0; round < 20; round += 1) {
    const controller = new AbortController();
    const gaveUp = clock.sleep(LATENCY_MS / 2).then(() => controller.abort());
    await expect(embed(controller.signal)).rejects.toMatchObject({ name: "AbortError" });
    await gaveUp;
    const timer = new AbortController();
    const timeout = clock.sleep(TIMEOUT_MS, timer.signal).then(
      () => "timeout",
      () => "answer",
    );
    await embed(new AbortController().signal);
    timer.abort();
    expect(await timeout).toBe("answer");
  }
});

test("nothing is held on the machine's own clock", async () => {
  const emulator = await startEmulator({ latencyMs: 1 });
  const response = await fetch(`${emulator.url}/v1beta/models?key=${emulator.key}`);
  expect(await response.json()).toMatchObject({ models: [{}, {}] });
  await emulator.close();
});
