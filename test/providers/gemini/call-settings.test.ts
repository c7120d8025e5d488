import { describe, expect, test } from "vitest";
import type { CallOptions } from "../../../src/sending/retry.ts";
import type { FaultName } from "../../support/emulator/fault-names.ts";
import { geminiHarness, WRITING_MODEL } from "./gemini-harness.ts";

interface Met {
  /** What every call meets, or the first ones. */
  readonly fault: FaultName;
  readonly times?: number;
  /** Chance for the jitter. */
  readonly chance?: number;
}

/** A client with these settings whose calls meet a fault: the pauses that it makes between its tries. */
async function clientMeeting(calls: Partial<CallOptions>, { fault, times, chance = 0.5 }: Met) {
  const generation = { model: WRITING_MODEL };
  const harness = await geminiHarness({ calls, generation, random: () => chance });
  const pauses: number[] = [];
  harness.client.events.listen((event) => {
    if (event.type === "retry") pauses.push(event.delayMs);
  });
  harness.emulator.addFault({ name: fault, ...(times === undefined ? {} : { times }) });
  return { ...harness, pauses };
}

const options = { forceIndividual: true, onError: "collect" } as const;
const request = { text: "A text of a manual." };

/** A model takes longer to write than to embed, so a call that writes has four times the timeout. */
const METHODS = [
  { method: "embedContent", timeouts: 1 },
  { method: "generateContent", timeouts: 4 },
] as const;

/** Asks once for a vector, or for a text. */
async function ask(
  method: (typeof METHODS)[number]["method"],
  { client }: Pick<Awaited<ReturnType<typeof clientMeeting>>, "client">,
): Promise<unknown> {
  const { results } =
    method === "embedContent"
      ? await client.embedContent([request], options)
      : await client.generateContent([{ prompt: request.text }], options);
  return results[0];
}

describe.each(METHODS)("the settings of calls hold for $method", ({ method, timeouts }) => {
  test.each([
    { calls: {}, pauses: [1000, 2000, 4000] },
    { calls: { maxRetries: 0 }, pauses: [] },
    { calls: { maxRetries: 1 }, pauses: [1000] },
    { calls: { maxRetries: 2, initialBackoffMs: 50 }, pauses: [50, 100] },
    { calls: { maxRetries: 5, maxBackoffMs: 3000 }, pauses: [1000, 2000, 3000, 3000, 3000] },
    { calls: { maxRetries: 1, initialBackoffMs: 9000, maxBackoffMs: 500 }, pauses: [500] },
  ])("$calls: pauses of $pauses ms", async ({ calls, pauses }) => {
    const met = await clientMeeting(calls, { fault: "unavailable" });
    const started = met.clock.now();
    expect(await ask(method, met)).toMatchObject({
      status: "failed",
      error: { code: "UNAVAILABLE" },
    });
    expect(met.pauses).toEqual(pauses);
    expect(met.clock.now() - started).toBe(
      pauses.reduce((sum, pause) => sum + pause, 0) + (pauses.length + 1) * 400,
    );
  });

  test.each([
    { jitter: 0.5, chance: 0, pauses: [500, 1000] },
    { jitter: 0.5, chance: 0.5, pauses: [1000, 2000] },
    { jitter: 0.5, chance: 1, pauses: [1500, 3000] },
    { jitter: 0, chance: 1, pauses: [1000, 2000] },
    { jitter: 1, chance: 0, pauses: [0, 0] },
  ])("a jitter of $jitter by chance $chance: $pauses", async ({ jitter, chance, pauses }) => {
    const met = await clientMeeting({ jitter }, { fault: "unavailable", times: 2, chance });
    expect(await ask(method, met)).toMatchObject({ status: "ok" });
    expect(met.pauses).toEqual(pauses);
  });

  test.each([
    { calls: {}, timeoutMs: 30_000 },
    { calls: { timeoutMs: 700 }, timeoutMs: 700 },
  ])("$calls: a call without an answer ends after its timeout", async ({ calls, timeoutMs }) => {
    const met = await clientMeeting({ ...calls, maxRetries: 0 }, { fault: "hang" });
    const started = met.clock.now();
    expect(await ask(method, met)).toMatchObject({ status: "failed", error: { code: "TIMEOUT" } });
    expect(met.clock.now() - started).toBe(timeouts * timeoutMs);
  });

  test("a call that takes longer than its timeout is tried again", async () => {
    const met = await clientMeeting({ timeoutMs: 700 }, { fault: "hang", times: 1 });
    const started = met.clock.now();
    expect(await ask(method, met)).toMatchObject({ status: "ok" });
    expect(met.clock.now() - started).toBe(timeouts * 700 + 1000 + 400);
  });
});

test.each([0, 2])(
  "a job whose creation is refused is created %i times again",
  async (maxRetries) => {
    const { client, emulator } = await clientMeeting({ maxRetries }, { fault: "job-refused" });
    const texts = Array.from({ length: 12 }, (_, at) => ({ text: `Text ${at}.` }));
    const { results } = await client.embedContent(texts, { onError: "collect" });
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["ok"]));
    expect(emulator.seen.jobs).toBe(maxRetries + 1);
  },
);
