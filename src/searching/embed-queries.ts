import type { EmbeddingClient } from "../embedding/client.ts";
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
  const results =
    missing.length === 0 ? [] : await client.embedContent(missing.map(toRequest), { signal });
  const fresh = new Map(missing.map((query, at) => [query, toEmbeddedQuery(results[at])]));
  return queries.map((query, at) => {
    const vector = known.get(fingerprints[at] ?? "");
    return vector === undefined
      ? (fresh.get(query) ?? toEmbeddedQuery(undefined))
      : { vector, reason: null };
  });
}

/** A query as it is sent. */
export const toRequest = (query: string): EmbeddingRequest => ({
  text: query,
  taskType: "RETRIEVAL_QUERY",
  purpose: "rag_query",
});

/** What became of a query that was sent. */
export function toEmbeddedQuery(result: EmbeddingResult | undefined): EmbeddedQuery {
  if (result?.status === "ok") return { vector: result.vector, reason: null };
  const why = result?.status === "failed" ? result.error.message : "no answer";
  return { vector: null, reason: `the query could not be embedded: ${why}` };
}

/** Why queries of one space cannot be asked of an index of another; null when they can. */
export const otherSpace = (own: EmbeddingSpace, indexed: EmbeddingSpace): string | null =>
  isSameSpace(own, indexed)
    ? null
    : `the index was built with ${nameOf(indexed)}, and the configuration names ${nameOf(own)}: run \`siterag index\``;

const nameOf = (space: EmbeddingSpace): string =>
  `${space.provider} ${space.model} (${space.dimensions} dimensions)`;
