import { BaseEmbeddingClient } from "../../embedding/base-client.ts";
import { vectorCheck } from "../../embedding/check-vectors.ts";
import type {
  GenerateOptions,
  GenerationOptions,
  GenerationRequest,
  GenerationResults,
  StreamEnd,
} from "../../generation/client.ts";
import { geminiProfile } from "../../planning/gemini-profile.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import { Engine } from "../../sending/engine.ts";
import type { PoolState } from "../../words/metrics.ts";
import type { Embedded, EmbeddingInput, EmbeddingSpace } from "../../words/types.ts";
import { embeddingProvider } from "./embedding-provider.ts";
import type { GeminiAccess } from "./gemini-api.ts";
import { geminiConnection } from "./gemini-connection.ts";
import { keyMissing } from "./gemini-failure.ts";
import { GeminiGenerator } from "./gemini-generator.ts";
import {
  resolveGeminiOptions,
  type ResolvedGeminiOptions,
  type SmartGeminiOptions,
} from "./gemini-options.ts";
import { TASK_FORMS } from "./task-forms.ts";

const OR_NONE =
  ', or embedding.provider: "none" (--embedding-provider none) to search by words without a key';

/**
 * Embeds and writes with the Gemini API: sends a single text by a call, packs sets, retries, and keeps the
 * account's limits. Plans with the planner that `siterag index --dry-run` shows.
 */
export class SmartGeminiClient extends BaseEmbeddingClient {
  readonly space: EmbeddingSpace;
  readonly profile: ProviderProfile;
  /** Writes texts for the same account. Without a model it throws CONFIG_INVALID. */
  readonly generator: GeminiGenerator;
  readonly #engine: Engine<EmbeddingInput, Embedded> | null;
  readonly #callSlots: number;

  /** Throws CONFIG_INVALID. */
  constructor(options: SmartGeminiOptions) {
    const resolved = resolveGeminiOptions(options);
    const { apiKey, batching, clock, coalesce, dimensions, limits, model } = resolved;
    super(batching, coalesce, clock);
    this.space = { provider: "gemini", model, dimensions, taskForm: TASK_FORMS[model].name };
    this.profile = geminiProfile(model, dimensions, limits);
    this.#callSlots = batching.maxParallelIndividual;
    this.#engine = apiKey === null ? null : this.#connect({ ...resolved, apiKey });
    this.generator = new GeminiGenerator({
      ...resolved,
      ...resolved.generation,
      tier: limits.tier,
    });
    this.generator.events.listen(this.events.emit);
  }

  /** How many call slots are in use. */
  get pool(): PoolState {
    const idle = { size: this.#callSlots, active: 0, queueLength: 0, utilisation: 0 };
    return this.#engine?.pool ?? idle;
  }

  /** Throws KEY_MISSING. */
  requireReady(): void {
    if (this.#engine === null) throw keyMissing(OR_NONE);
  }

  /** See `GenerationClient.generateContent`. */
  generateContent(
    requests: readonly GenerationRequest[],
    options?: GenerateOptions,
  ): Promise<GenerationResults> {
    return this.generator.generateContent(requests, options);
  }

  /** See `GenerationClient.generateContentStream`. */
  generateContentStream(
    request: GenerationRequest,
    options?: GenerationOptions,
  ): AsyncGenerator<string, StreamEnd, undefined> {
    return this.generator.generateContentStream(request, options);
  }

  protected get engine(): Engine<EmbeddingInput, Embedded> {
    if (this.#engine === null) throw keyMissing(OR_NONE);
    return this.#engine;
  }

  #connect(options: ResolvedGeminiOptions & GeminiAccess): Engine<EmbeddingInput, Embedded> {
    const { calls, dimensions, maxQueuedCalls, model } = options;
    const connection = geminiConnection(options);
    const form = { model, dimensions, form: TASK_FORMS[model] };
    return new Engine({
      ...connection.sending,
      provider: embeddingProvider(connection, form, calls.timeoutMs),
      client: this,
      contents: "text",
      maxQueued: maxQueuedCalls,
      checkOf: ({ space }) => vectorCheck(space.dimensions),
    });
  }
}
