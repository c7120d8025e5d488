import type { BatchingOptions } from "../planning/choose-roads.ts";
import { batchingOfPrompts } from "../planning/prompt-roads.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { CollectedJobs, JobCollection } from "../sending/client.ts";
import type { Engine } from "../sending/engine.ts";
import { EventSource } from "../sending/events.ts";
import { sendRequests } from "../sending/send-requests.ts";
import { writerOf } from "../words/job-kind.ts";
import type { Plan, Usage } from "../words/plans.ts";
import type { Clock, EmbeddingSpace } from "../words/types.ts";
import type {
  GeneratedText,
  GenerateOptions,
  GenerationClient,
  GenerationExecution,
  GenerationOptions,
  GenerationRequest,
  GenerationResults,
  StreamEnd,
} from "./client.ts";
import { promptRequests } from "./prompt-requests.ts";
import { streamAnswer, type BegunAnswer } from "./stream-answer.ts";

/** The base of every generator; a subclass adds the engine and streaming. */
export abstract class BaseGenerator implements GenerationClient {
  abstract readonly model: string | null;
  /** The ledger keeps its jobs under this space, apart from embedding jobs. */
  readonly space: EmbeddingSpace;
  abstract readonly profile: ProviderProfile;
  /** Reports its work as it happens. */
  readonly events: EventSource = new EventSource();
  /** Throws KEY_MISSING when it needs a key and has none. */
  protected abstract readonly engine: Engine<GenerationRequest, GeneratedText>;
  readonly #batching: BatchingOptions;
  readonly #clock: Clock;

  constructor(provider: string, model: string | null, batching: BatchingOptions, clock: Clock) {
    const shared = { dimensions: 0, taskForm: "generate" } as const;
    this.space = { provider: writerOf(provider), model: model ?? "", ...shared };
    this.#batching = batchingOfPrompts(batching);
    this.#clock = clock;
  }

  abstract requireReady(): void;

  /** Starts a streamed answer, without retries. */
  protected abstract begin(request: GenerationRequest, signal: AbortSignal): Promise<BegunAnswer>;

  async execute(plan: Plan, execution: GenerationExecution): Promise<Usage> {
    this.requireReady();
    return this.engine.execute(plan, execution);
  }

  /** Collects the jobs of earlier runs, whatever their model. */
  async collect(collection: JobCollection<GeneratedText>): Promise<CollectedJobs> {
    return this.engine.collect(collection);
  }

  async generateContent(
    requests: readonly GenerationRequest[],
    { onError = "collect", ...options }: GenerateOptions = {},
  ): Promise<GenerationResults> {
    this.requireReady();
    const kind = promptRequests(this.space.model);
    const context = { client: this, kind, batching: this.#batching, clock: this.#clock };
    return sendRequests(requests, { ...options, onError }, context);
  }

  async *generateContentStream(
    request: GenerationRequest,
    { signal = new AbortController().signal }: GenerationOptions = {},
  ): AsyncGenerator<string, StreamEnd, undefined> {
    this.requireReady();
    return yield* streamAnswer(request, {
      engine: this.engine,
      client: this,
      batching: this.#batching,
      clock: this.#clock,
      signal,
      begin: (asked, end) => this.begin(asked, end),
    });
  }
}
