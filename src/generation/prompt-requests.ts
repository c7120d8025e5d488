import { estimateTokens } from "../chunking/tokens.ts";
import type { RequestKind } from "../sending/send-requests.ts";
import type { GenerationUsage, PlanItem, Usage } from "../words/plans.ts";
import type { GeneratedText, GenerationRequest } from "./client.ts";
import { generationKey } from "./generation-key.ts";

/** Estimated input tokens of a request. */
export const promptTokens = ({ prompt, system = "" }: GenerationRequest): number =>
  estimateTokens(prompt) + estimateTokens(system);

/** Requests for texts that one model writes. */
export const promptRequests = (
  model: string,
): RequestKind<GenerationRequest, GenerationRequest, GeneratedText> => ({
  contents: "prompt",
  isWholeSetBounded: false,
  check: () => undefined,
  keyOf: (request) => generationKey(model, request),
  inputOf: (request) => request,
  itemOf: (key, [request = { prompt: "" }], purpose) => ({ ...promptItem(key, request), purpose }),
  resultFor: ({ tag }, result) => ({ ...result, ...(tag === undefined ? {} : { tag }) }),
});

/** A request as the planner sees it; `key` comes from `generationKey`. */
export const promptItem = (key: string, request: GenerationRequest, page = ""): PlanItem => ({
  fingerprint: key,
  tokens: promptTokens(request),
  bytes: Buffer.byteLength(request.prompt) + Buffer.byteLength(request.system ?? ""),
  page,
});

/** The parts of a usage that apply to writing. */
export const generationUsage = (usage: Usage): GenerationUsage => {
  const { calls, jobs, retries, inputTokens, outputTokens, costUsd } = usage;
  return { calls, jobs, retries, inputTokens, outputTokens, costUsd };
};
