import { isGeminiModel } from "./config/schema.ts";
import type { Provider, ResolvedConfig } from "./config/schema.ts";
import type { EmbeddingClient } from "./embedding/client.ts";
import { SiteragError } from "./errors.ts";
import { MockGeminiClient } from "./gemini/mock-gemini-client.ts";
import { SmartGeminiClient } from "./gemini/smart-gemini-client.ts";

const clients: Record<Provider, (config: ResolvedConfig) => EmbeddingClient> = {
  gemini: ({ access, batching, embedding, limits }) => {
    const { dimensions, model } = embedding;
    if (!isGeminiModel(model)) {
      throw new SiteragError("CONFIG_INVALID", `embedding.model: there is no model “${model}”.`);
    }
    const apiKey = access?.apiKey?.reveal() ?? null;
    const baseUrl = access?.baseUrl ?? undefined;
    return new SmartGeminiClient({ apiKey, baseUrl, model, dimensions, batching, limits });
  },
  mock: ({ embedding, batching }) =>
    new MockGeminiClient({
      model: embedding.model,
      dimensions: embedding.dimensions,
      batching,
      keepCalls: false,
    }),
};

/**
 * The embedding client that the configuration names. Without a key it can plan and do nothing else.
 */
export const createClient = (config: ResolvedConfig): EmbeddingClient =>
  clients[config.embedding.provider](config);
