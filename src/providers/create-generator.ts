import type { Provider, ResolvedConfig } from "../config/schema.ts";
import { GeminiGenerator } from "./gemini/gemini-generator.ts";
import type { GenerationClient } from "../generation/client.ts";
import { MockGenerator } from "./mock/mock-generator.ts";

const generators: Record<Provider, (config: ResolvedConfig) => GenerationClient> = {
  gemini: ({ access, batching, generation, limits }) =>
    new GeminiGenerator({
      ...generation,
      apiKey: access?.apiKey?.reveal() ?? null,
      baseUrl: access?.baseUrl ?? undefined,
      batching,
      tier: limits.tier,
    }),
  // Under a name of its own: nothing that it writes may pass for the work of a model.
  mock: () => new MockGenerator(),
};

/** Who writes texts: the provider of the vectors. Without key or model it can do nothing. */
export const createGenerator = (config: ResolvedConfig): GenerationClient =>
  generators[config.embedding.provider](config);
