import { estimateTokens } from "../chunking/tokens.ts";
import { GENERATION_PROVIDER } from "../generation/client.ts";
import type { GenerationRequest } from "../generation/client.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import type { BatchingOptions } from "../planning/choose-roads.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { EmbeddingSpace, Plan, Purpose } from "../types.ts";

/** How requests, given by their keys, go. None is more urgent than another: there is no hybrid. */
export function planOf(
  requests: ReadonlyMap<string, GenerationRequest>,
  purpose: Purpose | undefined,
  batching: BatchingOptions,
  profile: ProviderProfile,
): Plan {
  const items = [...requests].map(([fingerprint, { prompt, system = "" }]) => ({
    fingerprint,
    tokens: estimateTokens(prompt) + estimateTokens(system),
    bytes: Buffer.byteLength(prompt) + Buffer.byteLength(system),
    page: "",
  }));
  const { batchThreshold: given } = batching;
  const batchThreshold = given === "adaptive" ? ADAPTIVE : given;
  const thresholds = { ...batching, batchThreshold, hybridThreshold: batchThreshold };
  return chooseStrategy(items, thresholds, { profile, purpose });
}

/** The classic threshold: one that adapts would have to know prices. */
const ADAPTIVE = 10;

/** What jobs that write stand under in the ledger, beside those that embed. */
export const spaceOf = (model: string): EmbeddingSpace => ({
  provider: GENERATION_PROVIDER,
  model,
  dimensions: 0,
  taskForm: "generate",
});
