import type { EmbeddingClient } from "../embedding/client.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import type { Patience } from "../sending/given-up.ts";
import { toError } from "../words/errors.ts";
import { isSameSpace, queryFingerprint } from "../planning/fingerprint.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { EmbeddingRequest, EmbeddingResult, EmbeddingSpace } from "../words/types.ts";
import { withinCutoff } from "./cutoff.ts";

/** A query's vector, or why there is none. */
export type EmbeddedQuery =
  | { readonly vector: Float32Array; readonly reason: null }
  | { readonly vector: null; readonly reason: string };

/** How the queries of a reader are embedded. */
interface ReaderOptions extends Patience {
  /** `queries.cutoffAfter` of the configuration. */
  readonly cutoffAfter: number | null;
  /** Is called when all that have to be sent are in the client's hands. */
  readonly onHandedOver?: (() => void) | undefined;
}

/**
 * The vectors of queries, in their order: from the last build where it knows them, the others from
 * the client, which sends them in one set with those of other searches. A reader learns nothing new.
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

/** What became of some queries. */
export interface SentQueries {
  /** One for each query, in their order. */
  readonly results: readonly EmbeddingResult[];
  /** Queries that were embedded now, and not remembered by the client. */
  readonly sent: number;
}

/** The outcome of each query. One that no client would take, as too long, keeps no other from it. */
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
