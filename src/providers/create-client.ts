import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { providerOf, type ProviderRow } from "./table.ts";

/** The embedding client that the configuration names. Without a key it can plan and do nothing else. */
export const createClient = (config: ResolvedConfig): ReturnType<ProviderRow["create"]> =>
  providerOf(config).create(config);

/** Who writes texts: the provider of the vectors. Without key or model it can do nothing. */
export const createGenerator = (config: ResolvedConfig): GenerationClient =>
  createClient(config).generator;

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
