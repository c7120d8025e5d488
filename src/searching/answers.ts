import type { ResolvedConfig } from "../config/schema.ts";
import { sharedClient } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { queryFingerprint } from "../planning/fingerprint.ts";
import { answerFrom } from "./search.ts";
import { otherSpace, send, toEmbeddedQuery, type EmbeddedQuery } from "./embed-queries.ts";
import { withinCutoff } from "./cutoff.ts";
import { withReader } from "../store/index-reader.ts";
import { withWriter } from "../store/open-store.ts";
import type { CachedVector, QueryCache } from "../store/query-cache.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Fingerprint, SearchAnswer } from "../words/types.ts";

export interface AnswersOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Default: `search.queries` of the configuration. */
  readonly queries?: readonly string[];
  readonly signal?: AbortSignal;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
  readonly clock?: Clock;
}

export interface Answers {
  /** One for each query, in their order. */
  readonly answers: readonly SearchAnswer[];
  /** Queries that were sent now; the store had the vectors of the others. */
  readonly sent: number;
}

/** By fingerprint, the vector of every query or the reason why it has none. */
type EmbeddedQueries = ReadonlyMap<Fingerprint, EmbeddedQuery>;

/**
 * Answers a build's list of queries. New queries are embedded together and stored for the next
 * build, so the same list makes no call and writes nothing. Throws INDEX_MISSING.
 */
export async function answerQueries(options: AnswersOptions): Promise<Answers> {
  const { config, client = sharedClient(config) } = options;
  const { queries = config.search.queries } = options;
  const { mode } = config.search;
  return withReader(config.store, async (reader) => {
    const reason = otherSpace(client.space, reader.published.space);
    const texts = new Map(queries.map((query) => [queryFingerprint(client.space, query), query]));
    const isEmbedding = mode !== "text" && reason === null;
    const { embedded, sent } = isEmbedding
      ? await embedListed(texts, reader.queries, { ...options, client })
      : { embedded: new Map(), sent: 0 };
    const vectorOf = (query: string): EmbeddedQuery =>
      embedded.get(queryFingerprint(client.space, query)) ?? { vector: null, reason: reason ?? "" };
    const found = await Promise.all(
      queries.map((query) =>
        answerFrom(reader, query, mode === "text" ? undefined : vectorOf(query), { config }),
      ),
    );
    const pending = await reader.pending();
    return { answers: found.map((answer) => ({ ...answer, pending })), sent };
  });
}

type EmbedOptions = AnswersOptions & { readonly client: EmbeddingClient };

async function embedListed(
  texts: ReadonlyMap<Fingerprint, string>,
  cache: QueryCache,
  options: EmbedOptions,
): Promise<{ embedded: EmbeddedQueries; sent: number }> {
  const { config, client, clock = systemClock, signal } = options;
  const first = await partitionQueries(texts, cache, options);
  if (first.isSettled) {
    first.emitCutoff();
    return { embedded: new Map([...first.unanswered, ...first.known]), sent: 0 };
  }
  const target = { target: config.store, space: client.space, clock, signal };
  return withWriter(target, async (store) => {
    // Another build may have embedded the same queries, or reached the cutoff, while this one waited.
    const { known, unanswered, asked, emitCutoff } = await partitionQueries(
      texts,
      store.queries,
      options,
    );
    emitCutoff();
    const { fresh, sent } = await sendAll(asked, { ...options, signal: store.signal });
    const usedAt = new Date(clock.now()).toISOString();
    // The vectors are paid for, so they are stored before anything uses them.
    if ([...fresh.values()].some(({ vector }) => vector === null)) {
      // An incomplete build must not evict the vectors of the last complete one.
      await store.queries.add(vectorsIn(fresh), client.space, usedAt);
    } else {
      // The cutoff counts stored queries, so at least that many have to stay.
      const { cutoffAfter, keepLatest } = config.queries;
      const latest = Math.max(keepLatest, cutoffAfter ?? 0);
      const used = vectorsIn([...known, ...fresh]);
      await store.queries.keep(used, client.space, usedAt, latest);
    }
    return { embedded: new Map([...unanswered, ...known, ...fresh]), sent };
  });
}

const vectorsIn = (embedded: Iterable<readonly [Fingerprint, EmbeddedQuery]>): CachedVector[] =>
  [...embedded].flatMap(([fingerprint, { vector }]) =>
    vector === null ? [] : [{ fingerprint, vector }],
  );

/** Sorts queries into those with a stored vector, those to send, and those beyond the cutoff. */
async function partitionQueries(
  texts: ReadonlyMap<Fingerprint, string>,
  cache: QueryCache,
  { config, client }: EmbedOptions,
) {
  const known = await cache.read([...texts.keys()]);
  const unknown = [...texts].filter(([fingerprint]) => !known.has(fingerprint));
  const { cutoffAfter } = config.queries;
  const cutoff = { cutoffAfter, isLearning: true, client, cache };
  const { asked, reason, emitCutoff } = await withinCutoff(unknown, cutoff);
  const unanswered = unknown.map(([key]) => [key, { vector: null, reason }] as const);
  const last = await cache.ofLastBuild();
  const isSameList = last.size === known.size && [...known.keys()].every((key) => last.has(key));
  return {
    known: asEmbedded(known),
    unanswered,
    asked,
    emitCutoff,
    isSettled: isSameList && asked.length === 0,
  };
}

const asEmbedded = (vectors: ReadonlyMap<Fingerprint, Float32Array>): EmbeddedQueries =>
  new Map([...vectors].map(([key, vector]) => [key, { vector, reason: null }]));

/** Hands all queries to the client at once, so that it packs them. One that fails has no vector. */
async function sendAll(
  missing: readonly (readonly [Fingerprint, string])[],
  { client, signal }: EmbedOptions,
): Promise<{ fresh: EmbeddedQueries; sent: number }> {
  const queries = missing.map(([, query]) => query);
  const { results, sent } = await send(queries, client, { signal });
  return { fresh: new Map(missing.map(([key], at) => [key, toEmbeddedQuery(results[at])])), sent };
}
