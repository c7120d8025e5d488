import { expect, test } from "vitest";
import { indexSite } from "../../src/index.ts";
import type { ClientEvent, GenerationClient } from "../../src/index.ts";
import { EventSource } from "../../src/sending/events.ts";
import { docsSite } from "../support/docs-site.ts";
import { WRITING_PRICES } from "../support/emulator/generation-counters.ts";
import {
  clientOf,
  geminiHarness,
  generatorOf,
  WRITING_MODEL,
} from "../providers/gemini/gemini-harness.ts";
import { pagesOf } from "../providers/gemini/sentence-site.ts";

/** Events of a generation client; there are none where it has no `events`. */
function eventsOf(client: GenerationClient): readonly ClientEvent[] {
  const events: ClientEvent[] = [];
  const source: unknown = Reflect.get(client, "events");
  if (source instanceof EventSource) source.listen((event) => events.push(event));
  return events;
}

/** A run over twelve pages; of their sentences by calls one comes at the second try, and one never. */
async function indexed(strategy: "individual" | "batch") {
  const batching = { strategy };
  const { config } = await docsSite(pagesOf(12), {
    batching,
    embedding: { provider: "gemini", dimensions: 128 },
    generation: { enrich: "context", model: WRITING_MODEL, ...WRITING_PRICES },
  });
  const { clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "unavailable", text: "What page p3 says.", times: 1 });
  emulator.addFault({ name: "bad-request", text: "What page p4 says." });
  const client = clientOf(emulator, clock, { batching });
  const generator = generatorOf(emulator, clock, { batching, ...WRITING_PRICES });
  const told = eventsOf(generator);
  const report = await indexSite({ config, client, generator, clock });
  return { told, report, emulator };
}

test("sentences by calls tell the listeners of their client what happens", async () => {
  const { told } = await indexed("individual");
  const ofType = (type: ClientEvent["type"]) => told.filter((event) => event.type === type);
  expect(ofType("strategy_chosen")).toMatchObject([{ resolved: "individual" }]);
  expect(ofType("success")).toEqual(
    Array.from({ length: 11 }, () => expect.objectContaining({ texts: 1, latencyMs: 400 })),
  );
  expect(ofType("retry")).toMatchObject([{ attempt: 1, code: "UNAVAILABLE" }]);
  expect(ofType("failure")).toMatchObject([{ texts: 1, code: "INVALID_REQUEST" }]);
  expect(ofType("batch_generated")).toMatchObject([{ calls: 13, jobs: 0, retries: 1 }]);
});

test("sentences by a job tell the listeners of their client what happens", async () => {
  const { told } = await indexed("batch");
  expect(told).toContainEqual(expect.objectContaining({ type: "strategy_chosen" }));
  expect(told).toContainEqual(expect.objectContaining({ type: "job_state", state: "SUCCEEDED" }));
  expect(told).toContainEqual(expect.objectContaining({ type: "batch_generated", jobs: 1 }));
});

test.each(["individual", "batch"] as const)(
  "a run's metrics count its sentences beside its texts: %s",
  async (strategy) => {
    const { emulator, report } = await indexed(strategy);
    const { seen, billed, generation } = emulator;
    const { inputTokens, outputTokens } = generation.billed;
    expect(report.metrics).toMatchObject({
      individualCalls: seen.calls + generation.seen.calls,
      jobs: billed.jobs + generation.billed.jobs,
      retries: strategy === "individual" ? 1 : 0,
      errors: strategy === "individual" ? 1 : 0,
      tokens: report.usage.tokens + inputTokens + outputTokens,
    });
    expect(report.metrics.costUsd).toBeCloseTo(billed.costUsd + generation.billed.costUsd, 8);
  },
);
