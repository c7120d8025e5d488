import { SiteragError } from "../words/errors.ts";
import type { EmbeddingRequest, EmbeddingResult } from "../words/types.ts";
import { checkRequests } from "./check-requests.ts";
import { Coalescer } from "./coalescer.ts";
import type { CoalesceOptions } from "./coalescer.ts";
import { keyOf, planRequests, resultFor } from "./embed-content.ts";
import type { RequestContext } from "./embed-content.ts";
import type { EventSource } from "../sending/events.ts";
import type { Patience } from "../sending/given-up.ts";
import { RecentVectors } from "./recent-vectors.ts";

interface QueueOptions {
  readonly coalesce: CoalesceOptions;
  readonly context: RequestContext;
  readonly events: EventSource;
}

/** A client's single requests on their way into sets, and the vectors that they came to. */
export class RequestQueue {
  readonly #context: RequestContext;
  readonly #events: EventSource;
  readonly #recent = new RecentVectors();
  /** Somebody waits for the answer, so a set of them is packed into calls, whatever its size. */
  readonly #hurried: Coalescer;
  readonly #calm: Coalescer;
  #isClosed = false;

  constructor({ coalesce, context, events }: QueueOptions) {
    this.#context = context;
    this.#events = events;
    this.#hurried = this.#coalescer(coalesce, true);
    this.#calm = this.#coalescer(coalesce, false);
  }

  /** Requests that wait to be sent. */
  get pendingSize(): number {
    return this.#hurried.pendingSize + this.#calm.pendingSize;
  }

  /** Vectors in memory. */
  get cacheSize(): number {
    return this.#recent.size;
  }

  clearCache(): void {
    this.#recent.clear();
  }

  /** As `EmbeddingClient.announce`. */
  announce(): () => void {
    return this.#hurried.announce();
  }

  /** As `EmbeddingClient.embed`. */
  async embed(request: EmbeddingRequest, patience: Patience): Promise<EmbeddingResult> {
    const { client } = this.#context;
    if (this.#isClosed) throw closed();
    checkRequests([request], client.profile);
    const fingerprint = keyOf(request, client.space);
    const vector = this.#recent.get(fingerprint);
    if (vector !== undefined) {
      this.#events.emit(CACHE_HIT);
      return resultFor(request, { status: "ok", vector, route: "cache" });
    }
    const coalescer = this.#isHurried(request) ? this.#hurried : this.#calm;
    return resultFor(request, await coalescer.add(fingerprint, request, patience));
  }

  /** Sends what waits, and resolves when nothing is under way any more. */
  async flush(cause: "flush" | "close" = "flush"): Promise<void> {
    await Promise.all([this.#hurried.flush(cause), this.#calm.flush(cause)]);
  }

  /** The same, and takes no further request. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush("close");
  }

  /** An equal text may be on its way to a job: whoever does not wait for one does not join it. */
  #isHurried({ purpose = "index" }: EmbeddingRequest): boolean {
    return purpose === "rag_query" || this.#context.batching.preferIndividualFor.includes(purpose);
  }

  #coalescer(coalesce: CoalesceOptions, isHurried: boolean): Coalescer {
    return new Coalescer({
      ...coalesce,
      clock: this.#context.clock,
      events: this.#events,
      isHurried,
      send: async (requests, bounds, onSettled) => {
        const options = { ...bounds, onError: "collect", forceIndividual: isHurried } as const;
        await planRequests(requests, options, this.#context).run((fingerprint, result) => {
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
  costUsd: 0,
  durationMs: 0,
  alwaysBatch: null,
  averageLatencyMs: null,
  pool: null,
} as const;

const closed = (): SiteragError =>
  new SiteragError("USAGE", "The embedding client is closed: make another one.");
