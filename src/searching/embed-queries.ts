import type { EmbeddingClient } from "../embedding/client.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import type { Patience } from "../sending/unfinished.ts";
import { toError } from "../words/errors.ts";
import { queryFingerprint } from "../planning/fingerprint.ts";
import { isSameSpace } from "../words/embedding-space.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { EmbeddingRequest, EmbeddingResult, EmbeddingSpace } from "../words/types.ts";
import { withinCutoff } from "./cutoff.ts";

/** A query's vector, or the reason why it has none. */
export type EmbeddedQuery =
  | { readonly vector: Float32Array; readonly reason: null }
  | { readonly vector: null; readonly reason: string };

/** How a search has its queries embedded. */
interface ReaderOptions extends Patience {
  /** `queries.cutoffAfter` of the configuration. */
  readonly cutoffAfter: number | null;
  /** Called once the client has all queries that have to be sent. */
  readonly onHandedOver?: (() => void) | undefined;
}

/**
 * The vectors of queries, in their order. The store has those of the last build; the client embeds
 * the others, in one set with those of other searches. Nothing is stored.
 */
export async function embedQueries(
  queries: readonly string[],
  client: EmbeddingClient,
  reader: Pick<IndexReader, "published" | "queries">,
  { cutoffAfter, onHandedOver, ...patience }: ReaderOptions,
): Promise<EmbeddedQuery[]> {
  const foreign = otherSpace(client.space, reader.published.space);
  if (foreign !== null) return queries.map(() => ({ vector: null, reason: foreign }));
  const fingerprints = queries.map((query) => queryFingerprint(client.space, query));
  const known = await reader.queries.read(fingerprints);
  const unknown = queries.filter((_, at) => !known.has(fingerprints[at] ?? ""));
  const cutoff = { cutoffAfter, isLearning: false, client, cache: reader.queries };
  const { asked, reason, emitCutoff } = await withinCutoff(unknown, cutoff);
  emitCutoff();
  const sending = send(asked, client, patience);
  onHandedOver?.();
  const { results } = await sending;
  const fresh = new Map(asked.map((query, at) => [query, toEmbeddedQuery(results[at])]));
  return queries.map((query, at) => {
    const vector = known.get(fingerprints[at] ?? "");
    return vector === undefined
      ? (fresh.get(query) ?? { vector: null, reason })
      : { vector, reason: null };
  });
}

/** The outcome of sending queries. */
export interface SentQueries {
  /** One for each query, in their order. */
  readonly results: readonly EmbeddingResult[];
  /** Queries that were embedded now, not taken from the cache of the client. */
  readonly sent: number;
}

/** Sends each query by itself, so that one that the client refuses does not stop the others. */
export async function send(
  queries: readonly string[],
  client: EmbeddingClient,
  patience: Patience,
): Promise<SentQueries> {
  const results = await Promise.all(queries.map((query) => embed(query, client, patience)));
  return { results, sent: results.filter(isSent).length };
}

const isSent = (result: EmbeddingResult): boolean =>
  result.status === "ok" && result.route !== "cache";

async function embed(
  query: string,
  client: EmbeddingClient,
  patience: Patience,
): Promise<EmbeddingResult> {
  try {
    const result = await client.embed(toRequest(query), patience);
    if (result.status === "ok") checkVectors([result.vector], 1, client.space.dimensions);
    return result;
  } catch (cause) {
    return { status: "failed", error: toError(cause) };
  }
}

/** The request for a query. */
const toRequest = (query: string): EmbeddingRequest => ({
  text: query,
  taskType: "RETRIEVAL_QUERY",
  purpose: "rag_query",
});

/** Turns the outcome of a request into a vector or a reason. */
export function toEmbeddedQuery(result: EmbeddingResult | undefined): EmbeddedQuery {
  if (result?.status === "ok") return { vector: result.vector, reason: null };
  const why = result === undefined ? "no answer" : whyNot(result);
  return { vector: null, reason: `the query could not be embedded: ${why}` };
}

const whyNot = (result: Exclude<EmbeddingResult, { readonly status: "ok" }>): string =>
  result.status === "failed" ? result.error.message : result.reason;

/** Why vectors of one space cannot search an index of another; null if the spaces are the same. */
export const otherSpace = (own: EmbeddingSpace, indexed: EmbeddingSpace): string | null =>
  isSameSpace(own, indexed)
    ? null
    : `the index was built with ${nameOf(indexed)}, but the configuration names ${nameOf(own)}; run \`siterag index\``;

const nameOf = (space: EmbeddingSpace): string =>
  `${space.provider} ${space.model} (${space.dimensions} dimensions)`;
