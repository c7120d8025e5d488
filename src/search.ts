import type { ResolvedConfig } from "./config/schema.ts";
import { createClient } from "./create-client.ts";
import type { EmbeddingClient } from "./embedding/client.ts";
import { snippetOf } from "./ranking/snippet.ts";
import { embedQueries } from "./searching/embed-queries.ts";
import type { EmbeddedQuery } from "./searching/embed-queries.ts";
import { rankChunks } from "./searching/rank-chunks.ts";
import type { RankedChunk } from "./searching/rank-chunks.ts";
import { withReader } from "./store/index-reader.ts";
import type { IndexReader } from "./store/index-reader.ts";
import { whereOf } from "./store/row-filter.ts";
import type { Hit, SearchAnswer, SearchFilter, SearchMode } from "./types.ts";

interface SharedOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: `search.mode` of the configuration. */
  readonly mode?: SearchMode;
  /** Hits in an answer, or pages when they are grouped. Default: `search.limit`. */
  readonly limit?: number;
  /**
   * Cosine similarity below which a chunk is not found by its vector; one that has the words is
   * found all the same. Default: `search.minScore`.
   */
  readonly minScore?: number;
  readonly filter?: SearchFilter;
  /** The best hit of each page alone, with the page's other hits as its `others`. Default false. */
  readonly groupByPage?: boolean;
  readonly signal?: AbortSignal;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
}

export interface SearchOptions extends SharedOptions {
  readonly query: string;
}

export interface SearchAllOptions extends SharedOptions {
  readonly queries: readonly string[];
}

/**
 * Answers a query from the index, best hit first. Where no vector can be had for the query the
 * answer is by full text alone and says why. Throws INDEX_MISSING before the first run.
 */
export async function search(options: SearchOptions): Promise<SearchAnswer> {
  const { query, ...shared } = options;
  const [only] = await searchAll({ ...shared, queries: [query] });
  const { mode = options.config.search.mode } = options;
  return only ?? { query, mode, degraded: null, hits: [] };
}

/** Answers several queries, in their order; their vectors come from one call of the client. */
export async function searchAll(options: SearchAllOptions): Promise<SearchAnswer[]> {
  const { config, queries, mode = config.search.mode, signal } = options;
  return withReader(config.store, async (reader) => {
    const asked = mode === "text" ? [] : [...new Set(queries.filter((query) => !isBlank(query)))];
    const embedded =
      asked.length === 0
        ? []
        : await embedQueries(asked, options.client ?? createClient(config), reader, signal);
    const vectorOf = new Map(asked.map((query, at) => [query, embedded[at]]));
    const answers: SearchAnswer[] = [];
    for (const query of queries) {
      signal?.throwIfAborted();
      answers.push(
        isBlank(query)
          ? { query, mode, degraded: null, hits: [] }
          : await answerFrom(reader, query, vectorOf.get(query), options),
      );
    }
    return answers;
  });
}

const isBlank = (query: string): boolean => query.trim() === "";

/** Chunks looked at for every page wanted when hits are grouped. */
const CHUNKS_PER_PAGE = 5;

/** Answers one query by its vector, or by full text alone where it has none. */
export async function answerFrom(
  reader: IndexReader,
  query: string,
  embedded: EmbeddedQuery | undefined,
  options: SharedOptions,
): Promise<SearchAnswer> {
  const { config, mode = config.search.mode, limit = config.search.limit } = options;
  const { filter = {}, groupByPage = false, minScore = config.search.minScore } = options;
  const vector = embedded?.vector ?? null;
  const ranked = await rankChunks(reader, {
    vector,
    query: mode === "vector" && vector !== null ? null : query,
    limit: groupByPage ? limit * CHUNKS_PER_PAGE : limit,
    minScore,
    where: whereOf(filter),
  });
  const hits = ranked.map((chunk) => toHit(chunk, query));
  return {
    query,
    mode: vector === null ? "text" : mode,
    degraded: embedded?.vector === null ? embedded.reason : null,
    hits: (groupByPage ? grouped(hits) : hits).slice(0, limit),
  };
}

/** The best hit of each page, in the order of the hits. */
function grouped(hits: readonly Hit[]): Hit[] {
  return [...Map.groupBy(hits, (hit) => hit.page).values()].flatMap(([best, ...rest]) => {
    const others = rest.map(({ url, headings, score }) => ({ url, headings, score }));
    return best === undefined ? [] : [{ ...best, others }];
  });
}

const toHit = ({ row, score, scores }: RankedChunk, query: string): Hit => ({
  url: row.url,
  title: row.title,
  headings: row.headings,
  text: row.text,
  score,
  page: row.page,
  snippet: snippetOf(row.text, query),
  scores,
});
