import { embeddingInput } from "../chunking/embedding-input.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import type { Spending } from "../sending/spending.ts";
import { withVectors, type VectorsWriter } from "../store/open-store.ts";
import { count } from "../words/amounts.ts";
import type { Clock, Fingerprint, Unfinished } from "../words/types.ts";
import { partUnfinished } from "./fill.ts";
import { vectorsStage } from "./fill-vectors.ts";
import type { Messages } from "./messages.ts";
import type { PlacedChunk } from "./page-chunks.ts";
import { keep } from "./stage.ts";

/** What edited texts are embedded with. */
export interface EmbedEditedOptions {
  readonly config: ResolvedConfig;
  readonly client: EmbeddingClient;
  /** Keeps all that a dev server sends under the budget. */
  readonly spending: Spending;
  readonly clock: Clock;
  readonly messages: Pick<Messages, "tell" | "wait" | "warn">;
  readonly signal: AbortSignal;
}

/**
 * Embeds the texts that the store has no vector for, by calls, and commits each answer to the store's vectors
 * before it resolves. Nothing else of the store is written. Throws KEY_MISSING, STORE_LOCKED.
 */
export async function embedEdited(
  chunks: readonly PlacedChunk[],
  options: EmbedEditedOptions,
): Promise<void> {
  const { client, clock, config, messages, signal } = options;
  client.requireReady?.();
  const logger = { info: messages.tell, warn: messages.warn, wait: messages.wait };
  const target = { target: config.store, space: client.space, clock, signal, logger };
  await withVectors(target, (vectors) => embedInto(vectors, chunks, options));
}

async function embedInto(
  { cache, signal, tryWrite }: VectorsWriter,
  chunks: readonly PlacedChunk[],
  { client, config, messages, spending }: EmbedEditedOptions,
): Promise<void> {
  const present = await cache.present(chunks.map(({ fingerprint }) => fingerprint));
  const missing = new Map(
    chunks
      .filter(({ fingerprint }) => !present.has(fingerprint))
      .map((one) => [one.fingerprint, one]),
  );
  if (missing.size === 0) return;
  const items = [...missing.values()].map(({ bytes, chunk, fingerprint }) => {
    const { page, tokens } = chunk;
    return { fingerprint, tokens, bytes, page };
  });
  await tryWrite(items.length);
  const byCalls = { profile: client.profile, forceIndividual: true };
  const plan = chooseStrategy(items, config.batching, byCalls);
  const stage = vectorsStage(client, { cacheOf: () => cache });
  const unfinished = new Map<Fingerprint, Unfinished>();
  await client.execute(plan, {
    signal,
    spending,
    async inputsOf(some) {
      return some.flatMap(({ fingerprint }) => {
        const placed = missing.get(fingerprint);
        return placed === undefined ? [] : [embeddingInput(placed.chunk)];
      });
    },
    async settle(settled) {
      const left = await keep(stage, settled, client.space);
      for (const [fingerprint, outcome] of left) unfinished.set(fingerprint, outcome);
    },
  });
  const { failed, overBudget, waiting } = partUnfinished(unfinished);
  const reasons = [
    ...[...failed.values()].map(({ message }) => message),
    ...overBudget,
    ...waiting,
  ];
  for (const reason of new Set(reasons))
    messages.warn(`Some edited texts have no vector: ${reason}`);
  messages.tell(`embedded ${count(missing.size - unfinished.size, "edited text")}`);
}
