import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import type { Sender } from "../sending/client.ts";
import { NO_USAGE } from "../sending/usage-tally.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { SiteragError } from "../words/errors.ts";
import { withoutSentences, type Enriched } from "./fill-sentences.ts";
import type { Needed } from "./find-needed.ts";

/** Why a run without vectors sends nothing. */
export const WORDS_ONLY = 'embedding.provider is "none", so the index is searched by words';

/**
 * Why a run sends nothing, or null if it can. Throws KEY_MISSING, unless a run without a key may leave
 * its texts to a later one, and CONFIG_INVALID.
 */
export function reasonToSendNothing(
  { generation }: ResolvedConfig,
  client: EmbeddingClient,
  generator: GenerationClient,
  isKeyOptional: boolean,
): string | null {
  if (!hasVectors(client.space)) return WORDS_ONLY;
  try {
    client.requireReady?.();
    if (generation.enrich !== "off") generator.requireReady();
    return null;
  } catch (error) {
    const isKey = error instanceof SiteragError && error.code === "KEY_MISSING";
    if (isKey && isKeyOptional) return error.message;
    throw error;
  }
}

/** Stands for a client that cannot send. */
export const sendingNothing = <Input, Output>({
  profile,
  space,
}: Sender<Input, Output>): Sender<Input, Output> => ({
  profile,
  space,
  execute: async () => NO_USAGE,
});

/** All texts wait for a later run. */
export const waitingFor = (reason: string, needed: Needed): Enriched => ({
  ...withoutSentences({ ...needed, items: [] }),
  waiting: needed.items.map(() => reason),
});
