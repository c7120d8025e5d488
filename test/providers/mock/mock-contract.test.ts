import { MockGeminiClient } from "../../../src/providers/mock/mock-gemini-client.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";
import { describeCoalescing } from "../../contracts/coalescing-client.ts";
import { describeEmbeddingClient } from "../../contracts/embedding-client.ts";

describeEmbeddingClient("MockGeminiClient", async (batching) => {
  const clock = createVirtualClock();
  const latency = { callMs: 400, jobMs: 60_000 };
  const client = new MockGeminiClient({ dimensions: 16, batching, clock, latency });
  return {
    client,
    clock,
    seen: () => ({
      calls: client.calls.length,
      jobs: client.jobs.length,
      texts: [...client.calls, ...client.jobs].flat(),
      mostCallsAtOnce: client.mostCallsAtOnce,
    }),
    addFault: (name, text) => client.addFault({ name, text }),
  };
});

describeCoalescing("MockGeminiClient", async () => {
  const clock = createVirtualClock();
  const client = new MockGeminiClient({
    dimensions: 16,
    clock,
    latency: { callMs: 400, jobMs: 60_000 },
  });
  const seen = () => ({
    calls: client.calls.length,
    jobs: client.jobs.length,
    texts: [...client.calls, ...client.jobs].flat(),
  });
  return { client, clock, seen };
});
