import { estimateTokens } from "../chunking/tokens.ts";
import { SiteragError } from "../errors.ts";
import type { BatchingOptions } from "../planning/choose-roads.ts";
import { choosePromptRoads } from "../planning/prompt-roads.ts";
import type { PlanItem } from "../types.ts";
import type {
  GenerateOptions,
  GenerationClient,
  GenerationRequest,
  GenerationResult,
  GenerationResults,
} from "./client.ts";
import { generationKey } from "./generation-key.ts";

/** A request as the planner sees it. */
export const promptItem = (
  fingerprint: string,
  { prompt, system = "" }: GenerationRequest,
  page = "",
): PlanItem => ({
  fingerprint,
  tokens: estimateTokens(prompt) + estimateTokens(system),
  bytes: Buffer.byteLength(prompt) + Buffer.byteLength(system),
  page,
});

/** Plans requests, has the plan carried out, and gives the outcomes in their order. */
export async function generateContent(
  requests: readonly GenerationRequest[],
  { purpose, settle, ...bounds }: GenerateOptions,
  client: Pick<GenerationClient, "execute" | "profile">,
  { model, batching }: { readonly model: string; readonly batching: BatchingOptions },
): Promise<GenerationResults> {
  const keys = requests.map((request) => generationKey(model, request));
  const byKey = new Map(requests.map((request, at) => [keys[at] ?? "", request]));
  const items = [...byKey].map(([key, request]) => promptItem(key, request));
  const roads = choosePromptRoads(items, batching, { profile: client.profile, purpose });
  const results = new Map<string, GenerationResult>();
  const usage = await client.execute(roads, {
    ...bounds,
    requestsOf: async (some) => some.flatMap(({ fingerprint }) => byKey.get(fingerprint) ?? []),
    settle: async (settled) => {
      // Whoever keeps them comes first: they are paid for.
      await settle?.(settled);
      for (const { key, result } of settled) results.set(key, result);
    },
  });
  return {
    results: requests.map(({ tag }, at) => ({
      ...(results.get(keys[at] ?? "") ?? { status: "failed", error: interrupted() }),
      ...(tag === undefined ? {} : { tag }),
    })),
    usage,
  };
}

const interrupted = (): SiteragError =>
  new SiteragError("INTERRUPTED", "Interrupted before this text was written.");
