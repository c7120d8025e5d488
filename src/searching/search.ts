import type { ResolvedConfig } from "../config/schema.ts";
import { sharedClient } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { snippetOf } from "../ranking/snippet.ts";
import { embedQueries, type EmbeddedQuery } from "./embed-queries.ts";
import { lookDeeper } from "./look-deeper.ts";
import { rankChunks, type RankedChunk } from "./rank-chunks.ts";
import { withReader, type IndexReader } from "../store/index-reader.ts";
import { whereOf } from "../store/row-filter.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { SiteragError } from "../words/errors.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Logger } from "../words/types.ts";
import type { Hit, SearchAnswer, SearchFilter, SearchMode } from "../words/hits.ts";

/** How to search, for one query or several. */
export interface SharedOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: `search.mode` of the configuration. */
  readonly mode?: SearchMode;
  /** Hits in an answer, or pages when they are grouped. Default: `search.limit`. */
  readonly limit?: number;
  /** Lowest cosine similarity; full text ignores it. Default: `search.minScore`. */
  readonly minScore?: number;
  readonly filter?: SearchFilter;
  /** Return the best hit of each page, with the page's other hits in `others`. Default: false. */
  readonly groupByPage?: boolean;
  readonly signal?: AbortSignal;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  /** Is told what the search waits for. */
  readonly logger?: Logger;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

export type SearchOptions = SharedOptions & { readonly query: string };

export type SearchAllOptions = SharedOptions & { readonly queries: readonly string[] };

/** Longest wait for the vectors of so many queries; after that, full text answers them. */
const QUERY_DEADLINE_MS = 10_000;
const QUERIES_IN_TIME = 100;

/**
 * Answers a query from the index, best hit first. If the query gets no vector, full text answers it
 * and `degraded` says why. Throws INDEX_MISSING before the first run.
 */
export async function search({ query, ...shared }: SearchOptions): Promise<SearchAnswer> {
  const [only] = await searchAll({ ...shared, queries: [query] });
  return only ?? { query, mode: modeOf(shared), degraded: null, pending: 0, hits: [] };
}

/**
 * Answers several queries, in their order. They are embedded in one set, together with those of
 * other searches in progress that use the same client or the same configuration object.
 */
export async function searchAll(options: SearchAllOptions): Promise<SearchAnswer[]> {
  const { clock = systemClock, config, logger, queries, signal } = options;
  const mode = modeOf(options);
  const texts = new Set(queries.map((query) => query.trim()).filter(Boolean));
  const isEmbedding = mode !== "text" && texts.size > 0;
  const client = isEmbedding ? (options.client ?? sharedClient(config)) : null;
  // First of all, so that the client waits for these queries while the store is read.
  const onHandedOver = client?.expectQuery?.();
  const { cutoffAfter } = config.queries;
  const deadlineMs = QUERY_DEADLINE_MS * Math.ceil(texts.size / QUERIES_IN_TIME);
  const patience = { clock, logger, signal, deadlineMs };
  const how = { ...patience, cutoffAfter, onHandedOver };
  try {
    return await withReader(config.store, async (reader) => {
      const embedded = client === null ? null : await embedQueries([...texts], client, reader, how);
      const pending = await reader.pending();
      return Array.fromAsync(queries, async (query) => {
        signal?.throwIfAborted();
        const text = query.trim();
        if (text === "") return { query, mode, degraded: null, pending, hits: [] };
        const { hits, ...answer } = await answerFrom(reader, query, embedded?.get(text), {
          ...options,
          mode,
        });
        return { ...answer, pending, hits };
      });
    });
  } finally {
    onHandedOver?.();
  }
}

/** How to search; without vectors by words. Throws USAGE if only vectors would do. */
export function modeOf(options: Pick<SharedOptions, "config" | "mode" | "client">): SearchMode {
  const { config, mode = config.search.mode } = options;
  if (mode === "text") return mode;
  const { space } = options.client ?? sharedClient(config);
  if (hasVectors(space)) return mode;
  if (mode === "hybrid") return "text";
  throw new SiteragError(
    "USAGE",
    'There are no vectors to search: embedding.provider is "none". Search with the mode text, or set another provider and run `siterag index`.',
  );
}

/** Chunks of the first search for every page wanted, if hits are grouped. */
const CHUNKS_PER_PAGE = 5;
/** Most other hits of a page: a long page has hundreds. */
const MAX_OTHERS = 20;

/** Answers one query by its vector, or by full text if it has none. */
export async function answerFrom(
  reader: IndexReader,
  query: string,
  embedded: EmbeddedQuery | undefined,
  options: SharedOptions,
): Promise<Omit<SearchAnswer, "pending">> {
  const { config, mode = config.search.mode, limit = config.search.limit } = options;
  const { filter = {}, groupByPage = false, minScore = config.search.minScore } = options;
  const vector = embedded?.vector ?? null;
  const find = (depth: number): Promise<readonly RankedChunk[]> =>
    rankChunks(reader, {
      vector,
      query: mode === "vector" && vector !== null ? null : query,
      limit: depth,
      minScore,
      where: whereOf(filter),
    });
  const pages = Math.min(limit, reader.published.pages);
  const enough = { chunks: limit * CHUNKS_PER_PAGE, pages };
  return {
    query,
    mode: vector === null ? "text" : mode,
    degraded: embedded?.vector === null ? embedded.reason : null,
    hits: groupByPage
      ? grouped(await lookDeeper(enough, find), query, limit)
      : (await find(limit)).map((chunk) => toHit(chunk, query)),
  };
}

/** The best hit of each page, in the order of the hits. */
function grouped(ranked: readonly RankedChunk[], query: string, limit: number): Hit[] {
  const pages = [...Map.groupBy(ranked, ({ row }) => row.page).values()].slice(0, limit);
  return pages.flatMap(([best, ...rest]) => {
    const others = rest
      .slice(0, MAX_OTHERS)
      .map(({ row, score }) => ({ url: row.url, headings: row.headings, score }));
    return best === undefined ? [] : [{ ...toHit(best, query), others }];
  });
}

function toHit({ row, score, scores }: RankedChunk, query: string): Hit {
  const { url, title, headings, text, page } = row;
  return { url, title, headings, text, score, page, snippet: snippetOf(text, query), scores };
}
