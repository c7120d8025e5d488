import type { ResolvedConfig } from "./config/schema.ts";
import type { EmbeddingClient } from "./embedding/client.ts";
import { requireFolder } from "./content/discover.ts";
import { createClient } from "./create-client.ts";
import { collectChanges } from "./indexing/collect-changes.ts";
import { embedChanges, findNeeded } from "./indexing/embed-changes.ts";
import { collectMessages } from "./indexing/messages.ts";
import { publishChanges } from "./indexing/publish-changes.ts";
import { failureSentences, waitingSentences } from "./indexing/unembedded.ts";
import { summarise } from "./indexing/report.ts";
import { chooseStrategy } from "./planning/choose-strategy.ts";
import { ChunkSpool } from "./store/chunk-spool.ts";
import { withWriter } from "./store/open-store.ts";
import { systemClock } from "./system-clock.ts";
import type { Clock, IndexReport, Logger, Progress } from "./types.ts";

export interface IndexOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  /**
   * Pages to touch, by id or path; all others stay as they are. One that no longer exists is removed
   * from the index. Default: all pages.
   */
  readonly only?: readonly string[];
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  readonly onProgress?: (progress: Progress) => void;
  readonly clock?: Clock;
}

/**
 * Brings the index up to date with the site: read, chunk, compare, plan, embed, publish. What is
 * unchanged costs nothing; what was embedded once is never embedded again. A text or page that
 * fails is reported, not thrown.
 */
export async function indexSite(options: IndexOptions): Promise<IndexReport> {
  const { config, signal, clock = systemClock } = options;
  const onProgress = options.onProgress ?? (() => undefined);
  const messages = collectMessages(options.logger);
  const started = clock.now();
  const target = config.store;
  // Before the store is touched: a wrong path in the configuration leaves no trace.
  await requireFolder(config.content.root);
  const { client = createClient(config) } = options;
  const { space } = client;
  client.requireReady?.();
  return withWriter({ target, space, clock, signal }, async (store) => {
    await using spool = await ChunkSpool.create();
    const shared = { store, space, spool, onProgress, signal, clock };
    const changes = await collectChanges({ ...shared, ...messages, config, only: options.only });
    if (changes.pages === 0 && options.only === undefined) messages.warn(noPages(config));
    const needed = await findNeeded(changes.changed, store.cache);
    const plan = chooseStrategy(needed.items, config.batching, { profile: client.profile });
    options.logger?.info(plan.reason);
    const { changed } = changes;
    const { cache, meta } = store;
    const requestsOfDay = meta.requestsOfDay(space);
    const embedded = await embedChanges(plan, { ...shared, client, cache, changed, requestsOfDay });
    waitingSentences(embedded.waiting).forEach(messages.warn);
    const { pending } = await publishChanges(changes, shared);
    (await failureSentences(changed, embedded.failed, spool)).forEach(messages.fail);
    const usage = { ...embedded.usage, cacheHits: needed.cacheHits };
    const summary = summarise({ changes, plan, usage, pending, failed: embedded.failed });
    const { warnings, failures } = messages;
    return { ...summary, durationMs: clock.now() - started, warnings, failures };
  });
}

const noPages = ({ content }: ResolvedConfig): string =>
  `No pages found in ${content.root}: check content.include (${content.include.join(", ")}) and content.exclude.`;
