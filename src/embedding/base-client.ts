import type { BatchingOptions } from "../planning/choose-roads.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { CollectedJobs, JobCollection } from "../sending/client.ts";
import type { Engine } from "../sending/engine.ts";
import { EventSource } from "../sending/events.ts";
import { MetricsTally } from "../sending/metrics-tally.ts";
import { planRequests, sendRequests, type RequestContext } from "../sending/send-requests.ts";
import { streamRequests, type StreamedResult } from "../sending/stream-requests.ts";
import { NO_USAGE } from "../sending/usage-tally.ts";
import type { Patience } from "../sending/unfinished.ts";
import { SiteragError } from "../words/errors.ts";
import type { Metrics } from "../words/metrics.ts";
import type { Plan, Usage } from "../words/plans.ts";
import type {
  Clock,
  Embedded,
  EmbeddingInput,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingSpace,
} from "../words/types.ts";
import type { EmbedContentOptions, EmbeddedSet, EmbeddingClient, PlanExecution } from "./client.ts";
import { Coalescer, type CoalesceOptions } from "./coalescer.ts";
import { checkRequests, embeddingRequests, keyOf, resultFor } from "./embedding-requests.ts";
import { RecentVectors } from "./recent-vectors.ts";

/** Options that several texts share. */
export type EmbedTextOptions = Omit<
  EmbedContentOptions,
  "onError" | "forceBatch" | "forceIndividual"
> &
  Pick<EmbeddingRequest, "taskType" | "title">;

/** The base of every embedding client; a subclass adds the engine. */
export abstract class BaseEmbeddingClient implements EmbeddingClient {
  abstract readonly space: EmbeddingSpace;
  abstract readonly profile: ProviderProfile;
  /** Reports its work as it happens. */
  readonly events: EventSource = new EventSource();
  readonly #tally = new MetricsTally();
  readonly #batching: BatchingOptions;
  readonly #clock: Clock;
  /** Vectors of earlier `embed` requests. */
  readonly #recent = new RecentVectors();
  /** A reader waits for these: a set always goes by calls, whatever its size. */
  readonly #interactive: Coalescer;
  readonly #background: Coalescer;
  #isClosed = false;

  constructor(batching: BatchingOptions, coalesce: CoalesceOptions, clock: Clock) {
    this.events.listen(this.#tally.add);
    this.#batching = batching;
    this.#clock = clock;
    this.#interactive = this.#coalescer(coalesce, true);
    this.#background = this.#coalescer(coalesce, false);
  }

  /** Totals of its work so far. */
  get metrics(): Metrics {
    return this.#tally.metrics;
  }

  /** Throws KEY_MISSING when it needs a key and has none. */
  protected abstract readonly engine: Engine<EmbeddingInput, Embedded>;

  async execute(plan: Plan, execution: PlanExecution): Promise<Usage> {
    return this.engine.execute(plan, execution);
  }

  /** Collects the jobs of earlier runs. */
  async collect(collection: JobCollection<Embedded>): Promise<CollectedJobs> {
    return this.engine.collect(collection);
  }

  /** Requests of `embed` not sent yet. */
  get pendingSize(): number {
    return this.#interactive.pendingSize + this.#background.pendingSize;
  }

  /** Vectors that `embed` remembers, at most 1,000. */
  get cacheSize(): number {
    return this.#recent.size;
  }

  clearCache(): void {
    this.#recent.clear();
  }

  async embed(request: EmbeddingRequest, options: Patience = {}): Promise<EmbeddingResult> {
    if (this.#isClosed) throw closed();
    checkRequests([request], this.profile);
    const fingerprint = keyOf(request, this.space);
    const vector = this.#recent.get(fingerprint);
    if (vector !== undefined) {
      this.events.emit(CACHE_HIT);
      return resultFor(request, { status: "ok", vector, route: "cache" });
    }
    const coalescer = this.#isInteractive(request) ? this.#interactive : this.#background;
    return resultFor(request, await coalescer.add(fingerprint, request, options));
  }

  expectQuery(): () => void {
    return this.#interactive.expectQuery();
  }

  /** Sends the waiting `embed` requests and resolves when all have an outcome. */
  async flush(): Promise<void> {
    await this.#flush("flush");
  }

  /** Flushes; from then on `embed` throws USAGE. Closing is optional. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#flush("close");
  }

  embedContent(
    requests: readonly EmbeddingRequest[],
    options: EmbedContentOptions = {},
  ): Promise<EmbeddedSet> {
    return sendRequests(requests, options, this.#context());
  }

  /**
   * Yields each result as it settles, with the index of its request; works on 10,000 requests at a time.
   * `deadlineMs` counts from the start of the stream. When `signal` aborts, no more is read or sent, and a
   * list still has a result for each request. Throws INTERRUPTED when a source was not read to its end.
   */
  embedContentStream(
    requests: Iterable<EmbeddingRequest> | AsyncIterable<EmbeddingRequest>,
    options: EmbedContentOptions = {},
  ): AsyncGenerator<StreamedResult<Embedded>, void, undefined> {
    return streamRequests(requests, options, this.#context());
  }

  /** Embeds one text: a vector of unit length. Throws the failure. */
  async embedText(text: string, options: EmbedTextOptions = {}): Promise<Float32Array> {
    const [vector] = await this.embedTexts([text], options);
    if (vector === undefined) throw new TypeError("The client returned no vector.");
    return vector;
  }

  /** Embeds texts: vectors of unit length, in text order. Throws the first failure. */
  async embedTexts(
    texts: readonly string[],
    { taskType, title, ...options }: EmbedTextOptions = {},
  ): Promise<Float32Array[]> {
    const shared = {
      ...(taskType === undefined ? {} : { taskType }),
      ...(title === undefined ? {} : { title }),
    };
    const requests = texts.map((text) => ({ text, ...shared }));
    const { results } = await this.embedContent(requests, options);
    return results.map(vectorOf);
  }

  async #flush(cause: "flush" | "close"): Promise<void> {
    await Promise.all([this.#interactive.flush(cause), this.#background.flush(cause)]);
  }

  /** Keeps waiting readers out of sets that may go to a batch job, even when a text is equal. */
  #isInteractive({ purpose = "index" }: EmbeddingRequest): boolean {
    return purpose === "rag_query" || this.#batching.preferIndividualFor.includes(purpose);
  }

  #coalescer(coalesce: CoalesceOptions, isInteractive: boolean): Coalescer {
    return new Coalescer({
      ...coalesce,
      clock: this.#clock,
      events: this.events,
      isInteractive,
      send: async (requests, bounds, onSettled) => {
        const options = { ...bounds, onError: "collect", forceIndividual: isInteractive } as const;
        await planRequests(requests, options, this.#context()).run((fingerprint, result) => {
          // Even when nobody waits any more: the vector is paid for.
          if (result.status === "ok") this.#recent.set(fingerprint, result.vector);
          onSettled(fingerprint, result);
        });
      },
    });
  }

  #context(): RequestContext<EmbeddingRequest, EmbeddingInput, Embedded> {
    const kind = embeddingRequests(this.space, this.profile);
    return { client: this, kind, batching: this.#batching, clock: this.#clock };
  }
}

function vectorOf(result: EmbeddingResult): Float32Array {
  if (result.status === "ok") return result.vector;
  if (result.status === "failed") throw result.error;
  throw result.error ?? new SiteragError("TIMEOUT", `No vector yet: ${result.reason}`);
}

const { textsRepeated: _, ...nothingSent } = NO_USAGE;

/** The event of one text from the cache. */
const CACHE_HIT = {
  ...nothingSent,
  type: "batch_generated",
  total: 1,
  cacheHits: 1,
  pending: 0,
  served: 0,
  durationMs: 0,
  alwaysBatch: null,
  averageLatencyMs: null,
  pool: null,
} as const;

const closed = (): SiteragError =>
  new SiteragError("USAGE", "This embedding client is closed. Create a new one.");
