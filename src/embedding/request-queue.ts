import { SiteragError } from "../words/errors.ts";
import type { BatchingOptions } from "../planning/choose-roads.ts";
import type { EventSource } from "../sending/events.ts";
import { planRequests } from "../sending/send-requests.ts";
import type { Patience } from "../sending/unfinished.ts";
import type { Clock, EmbeddingRequest, EmbeddingResult } from "../words/types.ts";
import { checkRequests } from "./check-requests.ts";
import type { EmbeddingClient } from "./client.ts";
import { Coalescer, type CoalesceOptions } from "./coalescer.ts";
import { embeddingRequests, keyOf, resultFor } from "./embedding-requests.ts";
import { RecentVectors } from "./recent-vectors.ts";

interface QueueOptions {
  readonly coalesce: CoalesceOptions;
  readonly client: Pick<EmbeddingClient, "space" | "profile" | "execute"> & {
    readonly events: EventSource;
  };
  readonly batching: BatchingOptions;
  readonly clock: Clock;
}

/** A client's single requests on their way into sets, and the vectors that they came to. */
export class RequestQueue {
  readonly #options: QueueOptions;
  readonly #recent = new RecentVectors();
  /** Somebody waits for the answer, so a set of them is packed into calls, whatever its size. */
  readonly #interactive: Coalescer;
  readonly #background: Coalescer;
  #isClosed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#interactive = this.#coalescer(true);
    this.#background = this.#coalescer(false);
  }

  /** Requests that wait to be sent. */
  get pendingSize(): number {
    return this.#interactive.pendingSize + this.#background.pendingSize;
  }

  /** Vectors in memory. */
  get cacheSize(): number {
    return this.#recent.size;
  }

  clearCache(): void {
    this.#recent.clear();
  }

  /** As `EmbeddingClient.expectQuery`. */
  expectQuery(): () => void {
    return this.#interactive.expectQuery();
  }

  /** As `EmbeddingClient.embed`. */
  async embed(request: EmbeddingRequest, patience: Patience): Promise<EmbeddingResult> {
    const { client } = this.#options;
    if (this.#isClosed) throw closed();
    checkRequests([request], client.profile);
    const fingerprint = keyOf(request, client.space);
    const vector = this.#recent.get(fingerprint);
    if (vector !== undefined) {
      client.events.emit(CACHE_HIT);
      return resultFor(request, { status: "ok", vector, route: "cache" });
    }
    const coalescer = this.#isInteractive(request) ? this.#interactive : this.#background;
    return resultFor(request, await coalescer.add(fingerprint, request, patience));
  }

  /** Sends what waits, and resolves when nothing is under way any more. */
  async flush(cause: "flush" | "close" = "flush"): Promise<void> {
    await Promise.all([this.#interactive.flush(cause), this.#background.flush(cause)]);
  }

  /** The same, and takes no further request. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush("close");
  }

  /** An equal text may be on its way to a job: whoever does not wait for one does not join it. */
  #isInteractive({ purpose = "index" }: EmbeddingRequest): boolean {
    return purpose === "rag_query" || this.#options.batching.preferIndividualFor.includes(purpose);
  }

  #coalescer(isInteractive: boolean): Coalescer {
    const { batching, client, clock, coalesce } = this.#options;
    return new Coalescer({
      ...coalesce,
      clock,
      events: client.events,
      isInteractive,
      send: async (requests, bounds, onSettled) => {
        // Made here: the client that owns this queue names its space after it has made the queue.
        const kind = embeddingRequests(client.space, client.profile);
        const context = { client, kind, batching, clock };
        const options = { ...bounds, onError: "collect", forceIndividual: isInteractive } as const;
        await planRequests(requests, options, context).run((fingerprint, result) => {
          // Though nobody may wait any more: it is paid for.
          if (result.status === "ok") this.#recent.set(fingerprint, result.vector);
          onSettled(fingerprint, result);
        });
      },
    });
  }
}

/** A set of one text, for which nothing was sent. */
const CACHE_HIT = {
  type: "batch_generated",
  total: 1,
  cacheHits: 1,
  pending: 0,
  served: 0,
  calls: 0,
  jobs: 0,
  retries: 0,
  texts: 0,
  tokens: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  durationMs: 0,
  alwaysBatch: null,
  averageLatencyMs: null,
  pool: null,
} as const;

const closed = (): SiteragError =>
  new SiteragError("USAGE", "The embedding client is closed: make another one.");
