import { describeCoalescing } from "../../contracts/coalescing-client.ts";
import { describeEmbeddingClient } from "../../contracts/embedding-client.ts";
import { geminiHarness } from "./gemini-harness.ts";

describeEmbeddingClient("SmartGeminiClient", async (batching) => {
  const model = "gemini-embedding-001";
  const { client, clock, emulator } = await geminiHarness({ batching, model });
  return {
    client,
    clock,
    seen: () => emulator.seen,
    addFault: (name, text) => emulator.addFault({ name, text }),
  };
});

describeCoalescing("SmartGeminiClient", async () => {
  const { client, clock, emulator } = await geminiHarness({ model: "gemini-embedding-001" });
  return { client, clock, seen: () => emulator.seen };
});
