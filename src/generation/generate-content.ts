import { SiteragError } from "../words/errors.ts";
import type { BatchingOptions } from "../planning/choose-roads.ts";
import { choosePromptRoads } from "../planning/prompt-roads.ts";
import type { GenerationUsage, PlanItem } from "../words/types.ts";
import type {
  GenerateOptions,
  GenerationClient,
  GenerationRequest,
  GenerationResult,
  GenerationResults,
} from "./client.ts";
import { generationKey } from "./generation-key.ts";
import { promptTokens } from "./prompt-tokens.ts";
import { NO_USAGE } from "./usage-tally.ts";

/** A request as the planner sees it; `key` is as `generationKey` gives it. */
export const promptItem = (key: string, request: GenerationRequest, page = ""): PlanItem => ({
  fingerprint: key,
  tokens: promptTokens(request),
  bytes: Buffer.byteLength(request.prompt) + Buffer.byteLength(request.system ?? ""),
  page,
});

/** Plans requests, has the plan carried out, and gives the outcomes in their order. */
export async function generateContent(
  requests: readonly GenerationRequest[],
  { purpose, settle, ...bounds }: GenerateOptions,
  client: Pick<GenerationClient, "execute" | "profile">,
  { model, batching }: { readonly model: string; readonly batching: BatchingOptions },
): Promise<GenerationResults> {
  const keyed = requests.map((request) => ({ request, key: generationKey(model, request) }));
  const byKey = new Map(keyed.map(({ key, request }) => [key, request]));
  const items = [...byKey].map(([key, request]) => promptItem(key, request));
  const roads = choosePromptRoads(items, batching, { profile: client.profile, purpose });
  const requestOf = ({ fingerprint: key }: PlanItem): GenerationRequest => {
    const request = byKey.get(key);
    if (request === undefined) throw new TypeError(`No request for key ${key}.`);
    return request;
  };
  const results = new Map<string, GenerationResult>();
  let usage: GenerationUsage = NO_USAGE;
  await client.execute(roads, {
    ...bounds,
    requestsOf: async (some) => some.map(requestOf),
    settle: async (settled) => {
      // Whoever keeps them comes first: they are paid for.
      await settle?.(settled);
      for (const { key, result } of settled) results.set(key, result);
    },
    onUsage: (came) => {
      usage = came;
    },
  });
  return {
    results: keyed.map(({ key, request: { tag } }) => ({
      ...(results.get(key) ?? { status: "failed", error: interrupted() }),
      ...(tag === undefined ? {} : { tag }),
    })),
    usage,
  };
}

export const interrupted = (): SiteragError =>
  new SiteragError("INTERRUPTED", "Interrupted before this text was written.");
