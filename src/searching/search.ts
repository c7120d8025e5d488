import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { EmbeddedQuery, embedQueries } from "./embed-queries.ts";
import { findSections, type Weights } from "./find-sections.ts";
import { listHits } from "./list-hits.ts";
import { openWords, type Words } from "./open-words.ts";
import { asOurs } from "./reader-failures.ts";
import { withReader, type IndexReader } from "../store/index-reader.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { SiteragError } from "../words/errors.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, EmbeddingSpace, Logger } from "../words/types.ts";
import type { SearchAnswer, SearchFilter, SearchMode } from "../words/hits.ts";

/** How to search, for one query or several. */
export interface SharedOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: `search.mode` of the configuration. */
  readonly mode?: SearchMode;
  /** Hits in an answer, or pages when they are grouped. Default: `search.limit`. */
  readonly limit?: number;
  /** Lowest cosine similarity; the search by words ignores it. Default: `search.minScore`. */
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

/** Longest wait for the vectors of so many queries; after that, their words answer them. */
const QUERY_DEADLINE_MS = 10_000;
const QUERIES_IN_TIME = 100;

/**
 * Answers a query from the index, best hit first. If the query gets no vector, its words answer it
 * and `degraded` says why. Throws INDEX_MISSING before the first run.
 */
export const search = ({ query, ...shared }: SearchOptions): Promise<SearchAnswer> =>
  answering(shared, [query], (answer) => answer(query));

/**
 * Answers several queries, in their order. They are embedded in one set, together with those of
 * other searches in progress that use the same client or the same configuration object.
 */
export const searchAll = ({ queries, ...shared }: SearchAllOptions): Promise<SearchAnswer[]> =>
  answering(shared, queries, (answer) => Array.fromAsync(queries, (query) => answer(query)));

/** Embeds the queries, opens the index, and uses what answers one of them. */
async function answering<Value>(
  options: SharedOptions,
  queries: readonly string[],
  use: (answer: (query: string) => Promise<SearchAnswer>) => Promise<Value>,
): Promise<Value> {
  const { clock = systemClock, config, logger, signal } = options;
  const embedder = await embedderOf(options);
  const mode = modeOf(options, embedder);
  const texts = new Set(queries.map((query) => query.trim()).filter(Boolean));
  const client = mode !== "text" && texts.size > 0 ? embedder : null;
  // First of all, so that the client waits for these queries while the store is read.
  const onHandedOver = client?.expectQuery?.();
  const { cutoffAfter } = config.queries;
  const deadlineMs = QUERY_DEADLINE_MS * Math.ceil(texts.size / QUERIES_IN_TIME);
  const patience = { clock, logger, signal, deadlineMs };
  const how = { ...patience, cutoffAfter, onHandedOver };
  try {
    return await withReader(config.store, async (reader) => {
      const embedded = client === null ? null : await embed([...texts], client, reader, how);
      const pending = await reader.pending();
      return use(async (query) => {
        signal?.throwIfAborted();
        const text = query.trim();
        if (text === "") return { query, mode, degraded: null, pending, hits: [] };
        const asked = { ...options, mode };
        const found = await answerFrom(reader, query, embedded?.get(text), asked);
        const { hits, ...answer } = found;
        return { ...answer, pending, hits };
      });
    });
  } finally {
    onHandedOver?.();
  }
}

/** A search by words does not load what embeds. */
const embed: typeof embedQueries = async (...given) =>
  (await import("./embed-queries.ts")).embedQueries(...given);

/** Who embeds queries; null for a search by words, which loads no provider. */
export async function embedderOf(
  options: Pick<SharedOptions, "client" | "config" | "mode">,
): Promise<EmbeddingClient | null> {
  const { client, config, mode = config.search.mode } = options;
  if (mode === "text") return null;
  return client ?? (await import("../providers/create-client.ts")).sharedClient(config);
}

/** How to search; without vectors by words. Throws USAGE if only vectors would do. */
export function modeOf(
  { config, mode = config.search.mode }: Pick<SharedOptions, "config" | "mode">,
  client: Pick<EmbeddingClient, "space"> | null,
): SearchMode {
  if (mode === "text" || client === null) return "text";
  if (hasVectors(client.space)) return mode;
  if (mode === "hybrid") return "text";
  throw new SiteragError(
    "USAGE",
    'There are no vectors to search: embedding.provider is "none". Search with the mode text, or set another provider and run `siterag index`.',
  );
}

/**
 * Answers one query by its vector and words, or by words alone if it has no vector.
 * @param given the words of the same rows; default: those that are published with them
 */
export async function answerFrom(
  reader: IndexReader,
  query: string,
  embedded: EmbeddedQuery | undefined,
  options: SharedOptions,
  given?: Words,
): Promise<Omit<SearchAnswer, "pending">> {
  const { config, mode = config.search.mode, limit = config.search.limit, signal } = options;
  const { filter = {}, groupByPage = false, minScore = config.search.minScore } = options;
  const words = given ?? (await openWords(config.store, reader));
  if (words === null) throw wordsMissing(config.store.index);
  const { chunkSections, reader: site } = words;
  const vector = embedded?.vector ?? null;
  const isHybrid = mode !== "vector";
  const weights = weightsFor(config.search.weights, reader.published.space);
  const listing = { query, limit, groupByPage, mostOthers: MOST_OTHERS, signal };
  const wanted = { ...listing, vector, isHybrid, minScore, filter, weights };
  const hits = site.inNewestBuild(async (build) => {
    const found = await findSections(reader, { reader: build, chunkSections }, wanted);
    return listHits(build, found, listing);
  }, signal);
  return {
    query,
    mode: vector === null ? "text" : mode,
    degraded: embedded?.vector === null ? embedded.reason : null,
    hits: await asOurs(hits),
  };
}

/** Other hits of a page that are listed. */
const MOST_OTHERS = 20;

/** What the mock's vectors are worth beside words: they are made of words, too, only coarser. */
const MOCK_WEIGHT = 0.15;

const weightsFor = (
  { text, vector }: ResolvedConfig["search"]["weights"],
  { provider }: EmbeddingSpace,
): Weights => ({ text, vector: vector ?? (provider === "mock" ? MOCK_WEIGHT : 1) });

const wordsMissing = (index: string): SiteragError =>
  new SiteragError(
    "INDEX_MISSING",
    `The index “${index}” cannot be searched yet: another version of siterag built it, or files of it are lost. Run \`siterag index\`, which makes them at no cost.`,
  );
