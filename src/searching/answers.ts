import type { ResolvedConfig } from "../config/schema.ts";
import { sharedClient } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { queryFingerprint } from "../planning/fingerprint.ts";
import { answerFrom } from "./search.ts";
import { otherSpace, send, toEmbeddedQuery } from "./embed-queries.ts";
import type { EmbeddedQuery } from "./embed-queries.ts";
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
  /** Queries that were sent; the others were known from an earlier build. */
  readonly sent: number;
}

/** The vector, or the lack of one, of every query by its fingerprint. */
type EmbeddedQueries = ReadonlyMap<Fingerprint, EmbeddedQuery>;

/**
 * Answers a build's list of queries. Those that no earlier build has asked are embedded together
 * and remembered for the next one; asked again, the same list makes no call and writes nothing.
 * Throws INDEX_MISSING.
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
      ? await embedQueries(texts, reader.queries, { ...options, client })
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

async function embedQueries(
  texts: ReadonlyMap<Fingerprint, string>,
  cache: QueryCache,
  options: EmbedOptions,
): Promise<{ embedded: EmbeddedQueries; sent: number }> {
  const { config, client, clock = systemClock, signal } = options;
  const first = await share(texts, cache, options);
  if (first.isSettled) {
    first.tell();
    return { embedded: new Map([...first.poor, ...first.known]), sent: 0 };
  }
  const target = { target: config.store, space: client.space, clock, signal };
  return withWriter(target, async (store) => {
    // Another build may have used the room, or asked the same, before this one's turn came.
    const { known, poor, asked, tell } = await share(texts, store.queries, options);
    tell();
    const { fresh, sent } = await sendAll(asked, { ...options, signal: store.signal });
    const usedAt = new Date(clock.now()).toISOString();
    // Before anything uses the answers: they are paid for.
    if ([...fresh.values()].some(({ vector }) => vector === null)) {
      // What the last complete build used must not be forgotten for one that is not.
      await store.queries.add(vectorsIn(fresh), client.space, usedAt);
    } else {
      // What is to be counted up to the cutoff must not be forgotten before.
      const { cutoffAfter, keepLatest } = config.queries;
      const latest = Math.max(keepLatest, cutoffAfter ?? 0);
      const used = vectorsIn([...known, ...fresh]);
      await store.queries.keep(used, client.space, usedAt, latest);
    }
    return { embedded: new Map([...poor, ...known, ...fresh]), sent };
  });
}

const vectorsIn = (embedded: Iterable<readonly [Fingerprint, EmbeddedQuery]>): CachedVector[] =>
  [...embedded].flatMap(([fingerprint, { vector }]) =>
    vector === null ? [] : [{ fingerprint, vector }],
  );

/** Which queries are known, which are to be asked, and which are cut off. */
async function share(
  texts: ReadonlyMap<Fingerprint, string>,
  cache: QueryCache,
  { config, client }: EmbedOptions,
) {
  const known = await cache.read([...texts.keys()]);
  const unknown = [...texts].filter(([fingerprint]) => !known.has(fingerprint));
  const { cutoffAfter } = config.queries;
  const cutoff = { cutoffAfter, isLearning: true, client, cache };
  const { asked, reason, tell } = await withinCutoff(unknown, cutoff);
  const poor = unknown.map(([key]) => [key, { vector: null, reason }] as const);
  const last = await cache.ofLastBuild();
  const isSameList = last.size === known.size && [...known.keys()].every((key) => last.has(key));
  return {
    known: asEmbedded(known),
    poor,
    asked,
    tell,
    isSettled: isSameList && asked.length === 0,
  };
}

const asEmbedded = (vectors: ReadonlyMap<Fingerprint, Float32Array>): EmbeddedQueries =>
  new Map([...vectors].map(([key, vector]) => [key, { vector, reason: null }]));

/** All in one request to the client, which packs them. What fails is without a vector, no more. */
async function sendAll(
  missing: readonly (readonly [Fingerprint, string])[],
  { client, signal }: EmbedOptions,
): Promise<{ fresh: EmbeddedQueries; sent: number }> {
  const queries = missing.map(([, query]) => query);
  const { results, sent } = await send(queries, client, { signal });
  return { fresh: new Map(missing.map(([key], at) => [key, toEmbeddedQuery(results[at])])), sent };
}
