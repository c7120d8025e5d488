import { count } from "../words/amounts.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import type { Patience } from "../sending/unfinished.ts";
import { cutLines } from "../sending/cut-lines.ts";
import { tellingSpeed } from "../sending/throughput.ts";
import { tellingWaits } from "../sending/wait-lines.ts";
import { toError } from "../words/errors.ts";
import { queryFingerprint } from "../planning/fingerprint.ts";
import { isSameSpace, namesOfSpaces } from "../words/embedding-space.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { PublishedIndex } from "../store/meta.ts";
import type { QueryCache } from "../store/query-cache.ts";
import type { Clock, EmbeddingResult, EmbeddingSpace, Logger } from "../words/types.ts";

/** A query's vector, or the reason why it has none. */
export type EmbeddedQuery =
  | { readonly vector: Float32Array; readonly reason: null }
  | { readonly vector: null; readonly reason: string };

/** How long a search waits for vectors, and who is told of it. */
interface ToldPatience extends Patience {
  readonly clock: Clock;
  readonly logger?: Logger | undefined;
}

/** How a search has its queries embedded. */
interface ReaderOptions extends ToldPatience {
  /** `queries.cutoffAfter` of the configuration. */
  readonly cutoffAfter: number | null;
  /** Called once the client has all queries that have to be sent. */
  readonly onHandedOver?: (() => void) | undefined;
}

/**
 * The vector of each query. The store has those of the last build; the client embeds the others, in
 * one set with those of other searches. Nothing is stored.
 */
export async function embedQueries(
  queries: readonly string[],
  client: EmbeddingClient,
  reader: Pick<IndexReader, "published" | "queries">,
  { cutoffAfter, onHandedOver, ...patience }: ReaderOptions,
): Promise<ReadonlyMap<string, EmbeddedQuery>> {
  const reason = whyWordsAlone(client.space, reader.published);
  if (reason !== null) return new Map(queries.map((query) => [query, { vector: null, reason }]));
  const fingerprints = queries.map((query) => queryFingerprint(client.space, query));
  const known = await reader.queries.read(fingerprints);
  const unknown = queries.filter((_, at) => !known.has(fingerprints[at] ?? ""));
  const cutoff = { cutoffAfter, isLearning: false, client, cache: reader.queries };
  const { asked, emitCutoff, reason: unasked } = await withinCutoff(unknown, cutoff);
  emitCutoff();
  const sending = send(asked, client, patience);
  onHandedOver?.();
  const { embedded } = await sending;
  const fresh = new Map(asked.map((query, at) => [query, embedded[at]]));
  return new Map(
    queries.map((query, at) => {
      const vector = known.get(fingerprints[at] ?? "");
      if (vector !== undefined) return [query, { vector, reason: null }];
      return [query, fresh.get(query) ?? { vector: null, reason: unasked }];
    }),
  );
}

interface CutoffOptions {
  /** `queries.cutoffAfter` of the configuration. */
  readonly cutoffAfter: number | null;
  /** Whether the queries will be stored: then only as many are sent as fit below the cutoff. */
  readonly isLearning: boolean;
  readonly client: Pick<EmbeddingClient, "space" | "events">;
  readonly cache: Pick<QueryCache, "learned">;
}

/**
 * Keeps the first unknown queries that fit below the cutoff beside the stored ones. `reason` says why
 * full text answers the others. Call `emitCutoff` when the decision is final: it emits the event
 * about them, if there are any.
 */
export async function withinCutoff<Query>(
  unknown: readonly Query[],
  { cutoffAfter, isLearning, client, cache }: CutoffOptions,
) {
  if (cutoffAfter === null || unknown.length === 0) {
    return { asked: unknown, reason: "", emitCutoff: () => undefined };
  }
  const before = await cache.learned(client.space);
  const room = Math.max(0, cutoffAfter - before);
  const asked = isLearning || room === 0 ? unknown.slice(0, room) : unknown;
  const learned = before + asked.length;
  const queries = unknown.length - asked.length;
  const emitCutoff = (): void => {
    if (queries > 0) client.events?.emit({ type: "cutoff", learned, queries });
  };
  const stored = count(learned, "query", "queries");
  const reason = `queries.cutoffAfter is ${cutoffAfter} and the store has ${stored}, so no new query is embedded`;
  return { asked, reason, emitCutoff };
}

/**
 * Embeds queries; the outcomes are in their order. Each is sent by itself, so that one that the
 * client refuses does not stop the others. `sent` does not count those from the client's cache.
 */
export async function send(
  queries: readonly string[],
  client: EmbeddingClient,
  { clock, logger, ...patience }: ToldPatience,
): Promise<{ readonly embedded: readonly EmbeddedQuery[]; readonly sent: number }> {
  if (queries.length > 0) await client.prepare?.(patience.signal);
  const leave = client.events?.listen(cutLines((line) => logger?.warn(line)));
  const embedAll = () => Promise.all(queries.map((query) => embed(query, client, patience)));
  const results = await tellingWaits(client, { clock, logger }, () =>
    tellingSpeed(client, (line) => logger?.info(line), embedAll),
  ).finally(leave);
  const sent = results.filter((result) => result.status === "ok" && result.route !== "cache");
  return { embedded: results.map(toEmbeddedQuery), sent: sent.length };
}

async function embed(
  text: string,
  client: EmbeddingClient,
  patience: Patience,
): Promise<EmbeddingResult> {
  try {
    const request = { text, taskType: "RETRIEVAL_QUERY", purpose: "rag_query" } as const;
    const result = await client.embed(request, patience);
    if (result.status === "ok") checkVectors([result.vector], 1, client.space.dimensions);
    return result;
  } catch (cause) {
    return { status: "failed", error: toError(cause) };
  }
}

function toEmbeddedQuery(result: EmbeddingResult): EmbeddedQuery {
  if (result.status === "ok") return { vector: result.vector, reason: null };
  const why = result.status === "failed" ? result.error.message : result.reason;
  return { vector: null, reason: `the query could not be embedded: ${why}` };
}

/** Why vectors of a space cannot search an index; null if they can. */
export function whyWordsAlone(
  own: EmbeddingSpace,
  { search, space: indexed }: Pick<PublishedIndex, "search" | "space">,
): string | null {
  if (search?.chunkSections === null) return WITHOUT_LIST;
  if (isSameSpace(own, indexed)) return null;
  const [before, now] = namesOfSpaces(indexed, own);
  return `the index was built with ${before}, but the configuration names ${now}; run \`siterag index\``;
}

const WITHOUT_LIST =
  "an earlier version of siterag built the index; run `siterag index`, which adds what is missing at no cost";
