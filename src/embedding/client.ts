import type { Patience } from "../sending/unfinished.ts";
import type { Execution, Sender, SetOptions } from "../sending/client.ts";
import type { Usage } from "../words/plans.ts";
import type {
  Embedded,
  EmbeddingInput,
  EmbeddingRequest,
  EmbeddingResult,
} from "../words/types.ts";

/** What a client needs to carry out a plan of texts to embed. */
export type PlanExecution = Execution<EmbeddingInput, Embedded>;

/** How a set of texts is embedded. `failFast` is the default of `onError`. */
export type EmbedContentOptions = SetOptions;

/** The results of a set of requests, in their order, and what they took. */
export interface EmbeddedSet {
  readonly results: readonly EmbeddingResult[];
  readonly usage: Usage & { readonly durationMs: number };
}

/** The port between siterag and whoever makes vectors. */
export interface EmbeddingClient extends Sender<EmbeddingInput, Embedded> {
  /**
   * Plans and carries out a set of texts; results keep number, order and tags of the requests.
   * Throws INVALID_REQUEST before anything is sent, USAGE when both forces are set, and, unless
   * failures are collected, the first failure.
   */
  embedContent(
    requests: readonly EmbeddingRequest[],
    options?: EmbedContentOptions,
  ): Promise<EmbeddedSet>;
  /**
   * Embeds one text, in one set with others that are asked for at the same time; equal ones are sent
   * once. A caller that gives up does so alone. Throws INVALID_REQUEST, and USAGE when the client is
   * closed.
   */
  embed(request: EmbeddingRequest, options?: Patience): Promise<EmbeddingResult>;
  /**
   * Says that a query will follow, so that the queries before it wait for it. Call the function that it
   * gives when the query has followed or will not. Absent: nothing waits.
   */
  expectQuery?(): () => void;
}
