import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchingOptions } from "../../../src/planning/choose-roads.ts";
import { describeCoalescing } from "../../contracts/coalescing-client.ts";
import { describeEmbeddingClient } from "../../contracts/embedding-client.ts";
import { describeFailingSender } from "../../contracts/sender.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { loadFake } from "./fake-model.ts";
import { localHarness } from "./local-harness.ts";

/** A folder that looks like a model's. */
async function harness(batching?: BatchingOptions) {
  const localModelPath = await temporaryFolder();
  mkdirSync(join(localModelPath, "tiny"));
  writeFileSync(join(localModelPath, "tiny", "config.json"), "{}");
  return localHarness(loadFake, { localModelPath, directory: localModelPath }, batching);
}

describeFailingSender("LocalClient", harness, false);

describeEmbeddingClient("LocalClient", harness, false);

describeCoalescing("LocalClient", () => harness(), false);
