import type { EmbeddingClient } from "../embedding/client.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import { toError } from "../errors.ts";
import { isSameSpace, queryFingerprint } from "../planning/fingerprint.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { EmbeddingRequest, EmbeddingResult, EmbeddingSpace } from "../types.ts";

/** A query's vector, or why there is none. */
export type EmbeddedQuery =
  | { readonly vector: Float32Array; readonly reason: null }
  | { readonly vector: null; readonly reason: string };

/**
 * The vectors of queries, in their order: from the last build where it knows them, the others by one
 * call of the client. A reader learns nothing new.
 */
export async function embedQueries(
  queries: readonly string[],
  client: EmbeddingClient,
  reader: Pick<IndexReader, "published" | "queries">,
  signal: AbortSignal | undefined,
): Promise<EmbeddedQuery[]> {
  const reason = otherSpace(client.space, reader.published.space);
  if (reason !== null) return queries.map(() => ({ vector: null, reason }));
  const fingerprints = queries.map((query) => queryFingerprint(client.space, query));
  const known = await reader.queries.read(fingerprints);
  const missing = queries.filter((_, at) => !known.has(fingerprints[at] ?? ""));
  const results = missing.length === 0 ? [] : await send(missing, client, signal);
  const fresh = new Map(missing.map((query, at) => [query, toEmbeddedQuery(results[at])]));
  return queries.map((query, at) => {
    const vector = known.get(fingerprints[at] ?? "");
    return vector === undefined
      ? (fresh.get(query) ?? toEmbeddedQuery(undefined))
      : { vector, reason: null };
  });
}

/** The outcome of each query; what keeps all of them from being sent is the outcome of each. */
export async function send(
  queries: readonly string[],
  client: EmbeddingClient,
  signal: AbortSignal | undefined,
): Promise<readonly EmbeddingResult[]> {
  try {
    const requests = queries.map(toRequest);
    const { results } = await client.embedContent(requests, { signal, onError: "collect" });
    const vectors = results.flatMap((result) => (result.status === "ok" ? [result.vector] : []));
    checkVectors(vectors, vectors.length, client.space.dimensions);
    return results;
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    const error = toError(cause);
    return queries.map(() => ({ status: "failed", error }));
  }
}

/** A query as it is sent. */
const toRequest = (query: string): EmbeddingRequest => ({
  text: query,
  taskType: "RETRIEVAL_QUERY",
  purpose: "rag_query",
});

/** What became of a query that was sent. */
export function toEmbeddedQuery(result: EmbeddingResult | undefined): EmbeddedQuery {
  if (result?.status === "ok") return { vector: result.vector, reason: null };
  const why = result === undefined ? "no answer" : whyNot(result);
  return { vector: null, reason: `the query could not be embedded: ${why}` };
}

const whyNot = (result: Exclude<EmbeddingResult, { readonly status: "ok" }>): string =>
  result.status === "failed" ? result.error.message : result.reason;

/** Why queries of one space cannot be asked of an index of another; null when they can. */
export const otherSpace = (own: EmbeddingSpace, indexed: EmbeddingSpace): string | null =>
  isSameSpace(own, indexed)
    ? null
    : `the index was built with ${nameOf(indexed)}, and the configuration names ${nameOf(own)}: run \`siterag index\``;

const nameOf = (space: EmbeddingSpace): string =>
  `${space.provider} ${space.model} (${space.dimensions} dimensions)`;
