import type { Patience } from "../../sending/unfinished.ts";
import type { EmbeddingRequest, EmbeddingResult } from "../../words/types.ts";
import type { SmartGeminiOptions } from "./gemini-options.ts";
import { SmartGeminiClient } from "./smart-gemini-client.ts";

/**
 * Sends every text and prompt as a batch job, whatever its purpose, even a single query. Only a streamed
 * answer is an individual call.
 */
export class GeminiBatchClient extends SmartGeminiClient {
  constructor(options: SmartGeminiOptions) {
    const always = { strategy: "batch", preferIndividualFor: [] } as const;
    super({ ...options, batching: { ...options.batching, ...always } });
  }

  /** Ignores the request's purpose, which could make the text an individual call. */
  override embed(request: EmbeddingRequest, options?: Patience): Promise<EmbeddingResult> {
    return super.embed({ ...request, purpose: "index" }, options);
  }
}
