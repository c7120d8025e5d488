import { isGeminiModel } from "../config/schema.ts";
import type { Provider, ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { SiteragError } from "../words/errors.ts";
import { MockGeminiClient } from "./mock/mock-gemini-client.ts";
import { SmartGeminiClient } from "./gemini/smart-gemini-client.ts";

const clients: Record<Provider, (config: ResolvedConfig) => EmbeddingClient> = {
  gemini: ({ access, batching, coalesce, embedding, generation, limits }) => {
    const { dimensions, model } = embedding;
    if (!isGeminiModel(model)) {
      throw new SiteragError("CONFIG_INVALID", `embedding.model: there is no model “${model}”.`);
    }
    const apiKey = access?.apiKey?.reveal() ?? null;
    const baseUrl = access?.baseUrl ?? undefined;
    const sending = { batching, coalesce, generation, limits };
    return new SmartGeminiClient({ apiKey, baseUrl, model, dimensions, ...sending });
  },
  mock: ({ embedding, batching, coalesce }) =>
    new MockGeminiClient({
      model: embedding.model,
      dimensions: embedding.dimensions,
      batching,
      coalesce,
      keepCalls: false,
    }),
};

/**
 * The embedding client that the configuration names. Without a key it can plan and do nothing else.
 */
export const createClient = (config: ResolvedConfig): EmbeddingClient =>
  clients[config.embedding.provider](config);

const shared = new WeakMap<ResolvedConfig, EmbeddingClient>();

/**
 * The one client of those who search by the same configuration object: their queries meet in its
 * queue and share its limits. Nobody has to close it.
 */
export function sharedClient(config: ResolvedConfig): EmbeddingClient {
  const client = shared.get(config) ?? createClient(config);
  shared.set(config, client);
  return client;
}
