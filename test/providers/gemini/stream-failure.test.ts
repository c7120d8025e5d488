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
  expect(told).toContainEqual(expect.objectContaining({ type: "failure", texts: 1, code }));
  expect(tally.metrics.errors).toBe(1);
});
