import { SmartGeminiClient } from "./smart-gemini-client.ts";
import type { SmartGeminiOptions } from "./gemini-options.ts";

/** A client that sends everything as batch jobs, a single text and a reader's query too. */
export class GeminiBatchClient extends SmartGeminiClient {
  constructor(options: SmartGeminiOptions) {
    const always = { strategy: "batch", preferIndividualFor: [] } as const;
    super({ ...options, batching: { ...options.batching, ...always } });
  }
}
