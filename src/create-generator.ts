import type { Provider, ResolvedConfig } from "./config/schema.ts";
import { GeminiGenerator } from "./gemini/gemini-generator.ts";
import type { GenerationClient } from "./generation/client.ts";
import { MockGenerator } from "./generation/mock-generator.ts";

const generators: Record<Provider, (config: ResolvedConfig) => GenerationClient> = {
  gemini: ({ access, batching, generation, limits }) =>
    new GeminiGenerator({
      ...generation,
      apiKey: access?.apiKey?.reveal() ?? null,
      baseUrl: access?.baseUrl ?? undefined,
      batching,
      tier: limits.tier,
    }),
  mock: ({ generation: { model } }) => new MockGenerator(model === null ? {} : { model }),
};

/** Who writes texts: the provider of the vectors. Without key or model it can do nothing. */
export const createGenerator = (config: ResolvedConfig): GenerationClient =>
  generators[config.embedding.provider](config);
