import { expect, test } from "vitest";
import type { ClientEvent } from "../../../src/index.ts";
import { MetricsTally } from "../../../src/sending/metrics-tally.ts";
import { readStream } from "../../support/read-stream.ts";
import { geminiHarness, generatorOf } from "./gemini-harness.ts";

test.each([
  ["stream-cut", "UNAVAILABLE"],
  ["stream-error", "UNAVAILABLE"],
  ["stream-unfinished", "ANSWER_MALFORMED"],
  ["answer-blocked", "ANSWER_BLOCKED"],
] as const)("a streamed answer that ends by %s is told as a failure", async (name, code) => {
  const { clock, emulator } = await geminiHarness();
  const generator = generatorOf(emulator, clock);
  const told: ClientEvent[] = [];
  const tally = new MetricsTally();
  generator.events.listen((event) => told.push(event));
  generator.events.listen(tally.add);
  emulator.addFault({ name, text: "question" });
  const { error } = await readStream(generator.generateContentStream({ prompt: "question" }));
  expect(error).toMatchObject({ code });
  expect(told).toMatchObject([
    { type: "strategy_chosen" },
    { type: "failure", texts: 1, code, retries: 0 },
    { type: "batch_generated", served: 0 },
  ]);
  expect(tally.metrics).toMatchObject({ errors: 1, errorRate: 1 });
});

test("a streamed answer that breaks after a retry is told with it", async () => {
  const { clock, emulator } = await geminiHarness();
  const generator = generatorOf(emulator, clock);
  const told: ClientEvent[] = [];
  generator.events.listen((event) => told.push(event));
  emulator.addFault({ name: "unavailable", text: "question", times: 1 });
  emulator.addFault({ name: "stream-cut", text: "question" });
  await readStream(generator.generateContentStream({ prompt: "question" }));
  expect(told).toContainEqual(expect.objectContaining({ type: "failure", retries: 1 }));
});

test.each([0, 1])(
  "a streamed answer that is aborted after %i pieces is told alike",
  async (count) => {
    const { clock, emulator } = await geminiHarness();
    const generator = generatorOf(emulator, clock);
    const told: ClientEvent[] = [];
    generator.events.listen((event) => told.push(event));
    const stop = new AbortController();
    const stream = generator.generateContentStream({ prompt: "question" }, { signal: stop.signal });
    if (count === 0) stop.abort();
    else await stream.next();
    stop.abort();
    const { error } = await readStream(stream);
    expect(error).toMatchObject({ code: "INTERRUPTED" });
    expect(told.map(({ type }) => type)).toEqual(["strategy_chosen", "failure", "batch_generated"]);
    expect(told).toContainEqual(expect.objectContaining({ type: "failure", code: "INTERRUPTED" }));
  },
);

test("a streamed answer that is whole is told as a success, with its time to the first piece", async () => {
  const { clock, emulator } = await geminiHarness();
  const generator = generatorOf(emulator, clock);
  const told: ClientEvent[] = [];
  generator.events.listen((event) => told.push(event));
  await readStream(generator.generateContentStream({ prompt: "question" }));
  expect(told).toMatchObject([
    { type: "strategy_chosen" },
    { type: "success", texts: 1, retries: 0 },
    { type: "batch_generated", served: 1 },
  ]);
});
