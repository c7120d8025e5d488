import type { ResolvedConfig } from "./config/schema.ts";
import type { EmbeddingClient } from "./embedding/client.ts";
import { MockGeminiClient } from "./gemini/mock-gemini-client.ts";

type Provider = ResolvedConfig["embedding"]["provider"];

const clients: Record<Provider, (config: ResolvedConfig) => EmbeddingClient> = {
  mock: ({ embedding, batching }) =>
    new MockGeminiClient({
      model: embedding.model,
      dimensions: embedding.dimensions,
      batching,
      keepCalls: false,
    }),
};

/** The embedding client that the configuration names. */
export const createClient = (config: ResolvedConfig): EmbeddingClient =>
  clients[config.embedding.provider](config);
