import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { loadModel } from "../../../src/providers/local/load-model.ts";
import type { BatchingOptions } from "../../../src/planning/choose-roads.ts";
import { describeCoalescing } from "../../contracts/coalescing-client.ts";
import { describeEmbeddingClient } from "../../contracts/embedding-client.ts";
import { describeFailingSender } from "../../contracts/sender.ts";
import { localHarness } from "../../providers/local/local-harness.ts";
import { makeModel, TINY } from "./make-model.ts";
import { DIRECTORY, WORDS } from "./models.ts";

const localModelPath = mkdtempSync(join(tmpdir(), "siterag-models-"));
const place = { localModelPath, directory: DIRECTORY };
beforeAll(() => makeModel(join(localModelPath, "tiny"), { ...TINY, seed: 1, words: WORDS }));
afterAll(() => rmSync(localModelPath, { recursive: true }));

const harness = async (batching?: BatchingOptions) => localHarness(loadModel, place, batching);

describeFailingSender("LocalClient by the real runtime", harness, false);

describeEmbeddingClient("LocalClient by the real runtime", harness, false);

describeCoalescing("LocalClient by the real runtime", () => harness(), false);
