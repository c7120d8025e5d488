import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { MockGeminiClient } from "../../../src/providers/mock/mock-gemini-client.ts";
import type { MockFault } from "../../../src/providers/mock/mock-faults.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";
import { describeCoalescing } from "../../contracts/coalescing-client.ts";
import { describeEmbeddingClient } from "../../contracts/embedding-client.ts";
import { describeFailingSender } from "../../contracts/sender.ts";
import { asVectors } from "../../contracts/sender-kinds.ts";
import { BATCHING } from "../../planning/plan-items.ts";
import type { BatchingOptions } from "../../../src/planning/choose-roads.ts";

/** A mock in virtual time, and what it has seen. */
function harness(batching: BatchingOptions = BATCHING) {
  const clock = createVirtualClock();
  const latency = { callMs: 400, jobMs: 60_000 };
  const client = new MockGeminiClient({ dimensions: 16, batching, clock, latency });
  const textsSeen = (): string[] => [...client.calls, ...client.jobs].flat();
  return {
    ...asVectors(client, batching),
    client,
    clock,
    seen: () => ({
      calls: client.calls.length,
      jobs: client.jobs.length,
      texts: textsSeen(),
      mostCallsAtOnce: client.mostCallsAtOnce,
    }),
    mostCallsAtOnce: () => client.mostCallsAtOnce,
    addFault: (name: MockFault["name"], text: string) => client.addFault({ name, text }),
    /** It charges nothing for what it was told to fail on. */
    billed: () => ({
      inputTokens: textsSeen().reduce((sum, text) => sum + estimateTokens(text), 0),
      outputTokens: 0,
      costUsd: 0,
    }),
  };
}

describeFailingSender("MockGeminiClient", async (batching) => harness(batching));

describeEmbeddingClient("MockGeminiClient", async (batching) => harness(batching));

describeCoalescing("MockGeminiClient", async () => harness());
