import type { ProviderKeys } from "../config/provider-keys.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { SiteragError } from "../words/errors.ts";
import { geminiKeys, isGeminiModel } from "./gemini/gemini-keys.ts";
import { GeminiGenerator } from "./gemini/gemini-generator.ts";
import { SmartGeminiClient } from "./gemini/smart-gemini-client.ts";
import { LocalClient } from "./local/local-client.ts";
import { checkedSettings, localKeys } from "./local/local-keys.ts";
import { MockGeminiClient } from "./mock/mock-gemini-client.ts";
import { mockKeys } from "./mock/mock-keys.ts";
import { noneClient } from "./none/none-client.ts";
import { noneKeys } from "./none/none-keys.ts";

/** A provider: its configuration keys, and how to create its client. */
export interface ProviderRow extends ProviderKeys {
  readonly create: (
    config: ResolvedConfig,
  ) => EmbeddingClient & { readonly generator: GenerationClient };
}

/** All providers. The first one is the default. */
export const PROVIDERS = [
  {
    ...geminiKeys,
    create: ({ access, batching, calls, coalesce, embedding, generation, limits }) => {
      const { dimensions, model } = embedding;
      if (!isGeminiModel(model)) {
        throw new SiteragError(
          "CONFIG_INVALID",
          `embedding.model: siterag knows no Gemini model “${model}”.`,
        );
      }
      const sending = { batching, calls, coalesce, generation, limits, ...wayOf(access) };
      return new SmartGeminiClient({ model, dimensions, ...sending });
    },
  },
  {
    ...mockKeys,
    create: ({ embedding: { dimensions, model }, batching, coalesce }) =>
      new MockGeminiClient({ model, dimensions, batching, coalesce, keepCalls: false }),
  },
  {
    ...localKeys,
    create(config) {
      const { batching, coalesce } = config;
      const { provider: _provider, ...keys } = config.embedding;
      const client = new LocalClient({ embedding: checkedSettings(keys), batching, coalesce });
      return Object.assign(client, { generator: geminiGenerator(config) });
    },
  },
  {
    ...noneKeys,
    create: (config) => ({ ...noneClient, generator: geminiGenerator(config) }),
  },
] as const satisfies readonly ProviderRow[];

/** With a key, it writes answers from passages that others have found. */
const geminiGenerator = ({
  access,
  batching,
  calls,
  generation,
  limits: { tier },
}: Pick<
  ResolvedConfig,
  "access" | "batching" | "calls" | "generation" | "limits"
>): GeminiGenerator =>
  new GeminiGenerator({ batching, calls, tier, ...generation, ...wayOf(access) });

/** How the Gemini API is reached, as its clients take it. */
function wayOf(access: ResolvedConfig["access"]) {
  const { apiKey = null, baseUrl = null, unusedProxy } = access ?? {};
  return { apiKey: apiKey?.reveal() ?? null, baseUrl: baseUrl ?? undefined, unusedProxy };
}

/** The provider that a configuration names. Throws CONFIG_INVALID for an unknown one. */
export function providerOf({ embedding }: ResolvedConfig): ProviderRow {
  const row = PROVIDERS.find(({ name }) => name === embedding.provider);
  if (row !== undefined) return row;
  const message = `embedding.provider: siterag knows no provider “${embedding.provider}”.`;
  throw new SiteragError("CONFIG_INVALID", message);
}
