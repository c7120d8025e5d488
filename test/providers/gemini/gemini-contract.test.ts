import { describeCoalescing } from "../../contracts/coalescing-client.ts";
import { describeEmbeddingClient } from "../../contracts/embedding-client.ts";
import { describeFailingSender } from "../../contracts/sender.ts";
import { asVectors } from "../../contracts/sender-kinds.ts";
import { BATCHING } from "../../planning/plan-items.ts";
import type { BatchingOptions } from "../../../src/planning/choose-roads.ts";
import type { FaultName } from "../../support/emulator/fault-names.ts";
import { geminiHarness } from "./gemini-harness.ts";

async function harness(batching: BatchingOptions = BATCHING) {
  const model = "gemini-embedding-001";
  const { client, clock, emulator } = await geminiHarness({ batching, model });
  return {
    ...asVectors(client, batching),
    client,
    clock,
    seen: () => emulator.seen,
    mostCallsAtOnce: () => emulator.seen.mostCallsAtOnce,
    billed: () => {
      const { costUsd, tokens } = emulator.billed;
      return { inputTokens: tokens, outputTokens: 0, costUsd };
    },
    addFault: (name: FaultName, text: string) => emulator.addFault({ name, text }),
  };
}

describeFailingSender("SmartGeminiClient", harness);

describeEmbeddingClient("SmartGeminiClient", harness);

describeCoalescing("SmartGeminiClient", () => harness());
