import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { SiteragError } from "../words/errors.ts";
import { CLIENTS, type CreateClient } from "./clients.ts";

const isProvider = (name: string): name is keyof typeof CLIENTS => Object.hasOwn(CLIENTS, name);

/** Creates the configured embedding client. Without a key it can only plan. Throws CONFIG_INVALID for an unknown provider. */
export function createClient(config: ResolvedConfig): ReturnType<CreateClient> {
  const { provider } = config.embedding;
  if (isProvider(provider)) return CLIENTS[provider](config);
  const message = `embedding.provider: siterag knows no provider “${provider}”.`;
  throw new SiteragError("CONFIG_INVALID", message);
}

/** Creates the generator of the same provider. Without a key or a model it cannot write. */
export const createGenerator = (config: ResolvedConfig): GenerationClient =>
  createClient(config).generator;

/** The client's generator if it names a writing model or the configuration names none, else the configured one. */
export function generatorOf(
  config: ResolvedConfig,
  { generator }: { readonly generator?: GenerationClient },
): GenerationClient {
  if (typeof generator?.model === "string") return generator;
  const configured = createGenerator(config);
  // Without a model it still collects jobs, by the client's key.
  return configured.model === null ? (generator ?? configured) : configured;
}

const shared = new WeakMap<ResolvedConfig, EmbeddingClient>();

/**
 * Returns one client per configuration object, so that all its searches share one queue and its limits.
 * Nobody has to close it.
 */
export function sharedClient(config: ResolvedConfig): EmbeddingClient {
  const client = shared.get(config) ?? createClient(config);
  shared.set(config, client);
  return client;
}
