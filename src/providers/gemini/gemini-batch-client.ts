import type { Patience } from "../../sending/unfinished.ts";
import type { EmbeddingRequest, EmbeddingResult } from "../../words/types.ts";
import type { SmartGeminiOptions } from "./gemini-options.ts";
import { SmartGeminiClient } from "./smart-gemini-client.ts";

/**
 * A client that sends everything as batch jobs, whatever its purpose: a single text, a reader's query and
 * a prompt, too. Only a streamed answer is a call.
 */
export class GeminiBatchClient extends SmartGeminiClient {
  constructor(options: SmartGeminiOptions) {
    const always = { strategy: "batch", preferIndividualFor: [] } as const;
    super({ ...options, batching: { ...options.batching, ...always } });
  }

  /** As in `SmartGeminiClient`, but no purpose makes a text a call. */
  override embed(request: EmbeddingRequest, options?: Patience): Promise<EmbeddingResult> {
    return super.embed({ ...request, purpose: "index" }, options);
  }
}
