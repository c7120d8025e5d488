import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { SiteragError } from "../words/errors.ts";
import { isGeminiModel } from "./gemini/gemini-keys.ts";
import { GeminiGenerator } from "./gemini/gemini-generator.ts";
import { SmartGeminiClient } from "./gemini/smart-gemini-client.ts";
import { LocalClient } from "./local/local-client.ts";
import { checkedSettings } from "./local/local-keys.ts";
import { MockGeminiClient } from "./mock/mock-gemini-client.ts";
import { noneClient } from "./none/none-client.ts";
import type { PROVIDERS } from "./table.ts";

/** Creates the client of a provider. */
export type CreateClient = (
  config: ResolvedConfig,
) => EmbeddingClient & { readonly generator: GenerationClient };

/** The clients of all providers, by the names of the table. */
export const CLIENTS: Readonly<Record<(typeof PROVIDERS)[number]["name"], CreateClient>> = {
  gemini({ access, batching, calls, coalesce, embedding, generation, limits }) {
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
  mock: ({ embedding: { dimensions, model }, batching, coalesce }) =>
    new MockGeminiClient({ model, dimensions, batching, coalesce, keepCalls: false }),
  local(config) {
    const { batching, coalesce } = config;
    const { provider: _provider, ...keys } = config.embedding;
    const client = new LocalClient({ embedding: checkedSettings(keys), batching, coalesce });
    return Object.assign(client, { generator: geminiGenerator(config) });
  },
  none: (config) => ({ ...noneClient, generator: geminiGenerator(config) }),
};

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
