import type { EmbedContentOptions, EmbeddingClient } from "../embedding/client.ts";
import { checkRequests } from "../embedding/check-requests.ts";
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
  bounds: Bounds,
): Promise<EmbeddedQuery[]> {
  const reason = otherSpace(client.space, reader.published.space);
  if (reason !== null) return queries.map(() => ({ vector: null, reason }));
  const fingerprints = queries.map((query) => queryFingerprint(client.space, query));
  const known = await reader.queries.read(fingerprints);
  const missing = queries.filter((_, at) => !known.has(fingerprints[at] ?? ""));
  const { results } = await send(missing, client, bounds);
  const fresh = new Map(missing.map((query, at) => [query, toEmbeddedQuery(results[at])]));
  return queries.map((query, at) => {
    const vector = known.get(fingerprints[at] ?? "");
    return vector === undefined
      ? (fresh.get(query) ?? toEmbeddedQuery(undefined))
      : { vector, reason: null };
  });
}

type Bounds = Pick<EmbedContentOptions, "signal" | "deadlineMs">;

/** What became of some queries. */
export interface SentQueries {
  /** One for each query, in their order; nothing where the client gave too few. */
  readonly results: readonly (EmbeddingResult | undefined)[];
  /** Queries that were sent. */
  readonly sent: number;
}

/**
 * The outcome of each query. One that no client would take, such as one that is too long, is not
 * sent, and keeps no other from it; what keeps all of them from it is the outcome of each.
 */
export async function send(
  queries: readonly string[],
  client: EmbeddingClient,
  bounds: Bounds,
): Promise<SentQueries> {
  const refusals = queries.map((query) => refusalOf(query, client));
  const taken = queries.filter((_, at) => refusals[at] === null);
  const answers = (taken.length === 0 ? [] : await embed(taken, client, bounds)).values();
  return {
    results: refusals.map((error) =>
      error === null ? answers.next().value : { status: "failed", error },
    ),
    sent: taken.length,
  };
}

function refusalOf(query: string, { profile }: EmbeddingClient): Error | null {
  try {
    checkRequests([toRequest(query)], profile);
    return null;
  } catch (cause) {
    return toError(cause);
  }
}

async function embed(
  queries: readonly string[],
  client: EmbeddingClient,
  bounds: Bounds,
): Promise<readonly EmbeddingResult[]> {
  try {
    const { results } = await client.embedContent(queries.map(toRequest), {
      ...bounds,
      onError: "collect",
      // Somebody waits for the answer, whatever the configuration prefers.
      forceIndividual: true,
    });
    const vectors = results.flatMap((result) => (result.status === "ok" ? [result.vector] : []));
    checkVectors(vectors, vectors.length, client.space.dimensions);
    return results;
  } catch (cause) {
    if (bounds.signal?.aborted === true) throw cause;
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
