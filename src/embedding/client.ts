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

/** How to embed a set of texts. `onError` defaults to `failFast`. */
export type EmbedContentOptions = SetOptions;

/** The results of a set of requests, in request order, and their usage. */
export interface EmbeddedSet {
  readonly results: readonly EmbeddingResult[];
  readonly usage: Usage & { readonly durationMs: number };
}

/** The port to everything that makes vectors. */
export interface EmbeddingClient extends Sender<EmbeddingInput, Embedded> {
  /**
   * Plans and sends a set of texts; results keep number, order and tags of the requests. Throws
   * INVALID_REQUEST before it sends anything, USAGE when both forces are set, and the first failure unless
   * it collects them.
   */
  embedContent(
    requests: readonly EmbeddingRequest[],
    options?: EmbedContentOptions,
  ): Promise<EmbeddedSet>;
  /**
   * Embeds one text in one set with others requested at the same time; sends equal texts once. A caller
   * that gives up does not stop the others. Throws INVALID_REQUEST, and USAGE when the client is closed.
   */
  embed(request: EmbeddingRequest, options?: Patience): Promise<EmbeddingResult>;
  /**
   * Loads what takes long, before somebody waits for an answer; the next request throws what fails. Once
   * the signal is aborted, it no longer waits. Absent: nothing takes long.
   */
  prepare?(signal?: AbortSignal): Promise<void>;
  /**
   * Announces a query, so that earlier queries wait for it. Call the returned function when the query has
   * come or will not come. Absent: nothing waits.
   */
  expectQuery?(): () => void;
}
