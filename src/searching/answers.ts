import { sharedClient } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { queryFingerprint } from "../planning/fingerprint.ts";
import { answerFrom, modeOf, type SharedOptions } from "./search.ts";
import { whyWordsAlone, send, withinCutoff, type EmbeddedQuery } from "./embed-queries.ts";
import type { Words } from "./open-words.ts";
import { withReader, type IndexReader } from "../store/index-reader.ts";
import { withWriter } from "../store/open-store.ts";
import type { QueryCache } from "../store/query-cache.ts";
import { systemClock } from "../words/system-clock.ts";
import type { SearchAnswer } from "../words/hits.ts";
import type { Fingerprint } from "../words/types.ts";

export interface AnswersOptions extends Pick<
  SharedOptions,
  "config" | "signal" | "client" | "logger" | "clock"
> {
  /** Default: `search.queries` of the configuration. */
  readonly queries?: readonly string[];
}

export interface Answers {
  /** One for each query, in their order. */
  readonly answers: readonly SearchAnswer[];
  /** Queries that were sent now; the store had the vectors of the others. */
  readonly sent: number;
}

/**
 * Answers a build's list of queries. New queries are embedded together and stored for the next
 * build, so the same list makes no call and writes nothing. Throws INDEX_MISSING.
 */
export async function answerQueries(options: AnswersOptions): Promise<Answers> {
  const { config, client = sharedClient(config) } = options;
  const { queries = config.search.queries } = options;
  const mode = modeOf(options, client);
  return withReader(config.store, async (reader) => {
    const wordsAlone = whyWordsAlone(client.space, reader.published);
    const texts = new Map(queries.map((query) => [queryFingerprint(client.space, query), query]));
    const { embedded, reason, sent } =
      mode === "text" || wordsAlone !== null
        ? { embedded: new Map(), reason: wordsAlone ?? "", sent: 0 }
        : await embedListed(texts, reader.queries, { ...options, client });
    const vectorOf = (query: string): EmbeddedQuery =>
      embedded.get(queryFingerprint(client.space, query)) ?? { vector: null, reason };
    const found = await Promise.all(
      queries.map((query) =>
        answerFrom(reader, query, mode === "text" ? undefined : vectorOf(query), { config }),
      ),
    );
    const pending = await reader.pending();
    return { answers: found.map((answer) => ({ ...answer, pending })), sent };
  });
}

/**
 * Answers the listed queries from an open index. Sends nothing: words alone answer the queries without a stored
 * vector.
 */
export async function answerFromStored(
  reader: IndexReader,
  words: Words,
  stored: Pick<QueryCache, "read">,
  { config, client }: Pick<AnswersOptions, "config"> & { readonly client: EmbeddingClient },
): Promise<SearchAnswer[]> {
  const { queries } = config.search;
  const mode = modeOf({ config }, client);
  const keyOf = (query: string): Fingerprint => queryFingerprint(client.space, query);
  const vectors = mode === "text" ? new Map() : await stored.read(queries.map(keyOf));
  const pending = await reader.pending();
  return Array.fromAsync(queries, async (query) => {
    const vector = vectors.get(keyOf(query)) ?? null;
    const embedded = vector === null ? { vector, reason: NOT_STORED } : { vector, reason: null };
    const asked = mode === "text" ? undefined : embedded;
    return { ...(await answerFrom(reader, query, asked, { config, mode }, words)), pending };
  });
}

const NOT_STORED = "no build has embedded this query yet";

type EmbedOptions = AnswersOptions & { readonly client: EmbeddingClient };

interface Embedded {
  readonly embedded: ReadonlyMap<Fingerprint, EmbeddedQuery>;
  /** Why the others have no vector. */
  readonly reason: string;
  /** Queries that were sent now. */
  readonly sent: number;
}

async function embedListed(
  texts: ReadonlyMap<Fingerprint, string>,
  cache: QueryCache,
  options: EmbedOptions,
): Promise<Embedded> {
  const { config, client, clock = systemClock, logger, signal } = options;
  const { known, reason, isSettled, emitCutoff } = await partitionQueries(texts, cache, options);
  if (isSettled) {
    emitCutoff();
    return { embedded: known, reason, sent: 0 };
  }
  const target = { target: config.store, space: client.space, clock, signal, logger };
  return withWriter(target, async (store) => {
    // Another build may have embedded the same queries, or reached the cutoff, while this one waited.
    const now = await partitionQueries(texts, store.queries, options);
    now.emitCutoff();
    // The client gets all queries at once, so that it packs them.
    const missing = now.asked.map(([, query]) => query);
    await store.tryWrite(missing.length);
    const { embedded, sent } = await send(missing, client, { clock, logger, signal: store.signal });
    const fresh = now.asked.flatMap(([fingerprint], at) => {
      const query = embedded[at];
      return query === undefined ? [] : [[fingerprint, query] as const];
    });
    const all = new Map([...now.known, ...fresh]);
    const usedAt = new Date(clock.now()).toISOString();
    // The vectors are paid for, so they are stored before anything uses them.
    if (embedded.some(({ vector }) => vector === null)) {
      // An incomplete build must not evict the vectors of the last complete one.
      await store.queries.add(vectorsIn(fresh), client.space, usedAt);
    } else {
      // The cutoff counts stored queries, so at least that many have to stay.
      const latest = Math.max(config.queries.keepLatest, config.queries.cutoffAfter ?? 0);
      await store.queries.keep(vectorsIn(all), client.space, usedAt, latest);
    }
    return { embedded: all, reason: now.reason, sent };
  });
}

const vectorsIn = (embedded: Iterable<readonly [Fingerprint, EmbeddedQuery]>) =>
  [...embedded].flatMap(([fingerprint, { vector }]) =>
    vector === null ? [] : [{ fingerprint, vector }],
  );

/** Sorts queries into those with a stored vector, those to send, and those beyond the cutoff. */
async function partitionQueries(
  texts: ReadonlyMap<Fingerprint, string>,
  cache: QueryCache,
  { config, client }: EmbedOptions,
) {
  const stored = await cache.read([...texts.keys()]);
  const unknown = [...texts].filter(([fingerprint]) => !stored.has(fingerprint));
  const { cutoffAfter } = config.queries;
  const cutoff = await withinCutoff(unknown, { cutoffAfter, isLearning: true, client, cache });
  const last = await cache.ofLastBuild();
  const isSameList = last.size === stored.size && [...stored.keys()].every((key) => last.has(key));
  const known = new Map<Fingerprint, EmbeddedQuery>(
    [...stored].map(([key, vector]) => [key, { vector, reason: null }]),
  );
  return { known, ...cutoff, isSettled: isSameList && cutoff.asked.length === 0 };
}
