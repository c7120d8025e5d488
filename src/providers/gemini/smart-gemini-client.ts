import { BaseEmbeddingClient } from "../../embedding/base-client.ts";
import type { PlanExecution } from "../../embedding/client.ts";
import type {
  GenerateOptions,
  GenerationOptions,
  GenerationRequest,
  GenerationResults,
  StreamEnd,
} from "../../generation/client.ts";
import { geminiProfile } from "../../planning/gemini-profile.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import type { CollectedJobs, JobCollection } from "../../sending/collect-jobs.ts";
import { Engine } from "../../sending/engine.ts";
import type { PoolState } from "../../words/metrics.ts";
import type { Embedded, EmbeddingInput, EmbeddingSpace, Plan, Usage } from "../../words/types.ts";
import { embeddingFormat } from "./batch-jsonl.ts";
import { checkOf, embeddingProvider } from "./embedding-provider.ts";
import { geminiConnection, POLL_MS } from "./gemini-connection.ts";
import { keyMissing } from "./gemini-failure.ts";
import { GeminiGenerator } from "./gemini-generator.ts";
import {
  resolveGeminiOptions,
  type ResolvedGeminiOptions,
  type SmartGeminiOptions,
} from "./gemini-options.ts";
import { TASK_FORMS } from "./task-forms.ts";

/**
 * Embeds and writes with the Gemini API: one text by an individual call, sets packed, retried, under the
 * limits of the account. Decides by the same planner as `siterag index --dry-run` shows.
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
    const { model: writer, ...prices } = resolved.generation;
    this.generator = new GeminiGenerator({
      ...resolved,
      ...prices,
      model: writer,
      tier: limits.tier,
    });
    this.generator.events.listen(this.events.emit);
  }

  /** How its call slots stand. */
  get pool(): PoolState {
    const idle = { size: this.#callSlots, active: 0, queueLength: 0, utilisation: 0 };
    return this.#engine?.pool ?? idle;
  }

  /** Throws KEY_MISSING. */
  requireReady(): void {
    this.#ready();
  }

  async execute(plan: Plan, execution: PlanExecution): Promise<Usage> {
    return this.#ready().execute(plan, execution);
  }

  /** Looks after the jobs of earlier runs. */
  async collect(collection: JobCollection<Embedded>): Promise<CollectedJobs> {
    return this.#ready().collect(collection);
  }

  /** As `GenerationClient.generateContent`, by the same chooser as texts to embed. */
  generateContent(
    requests: readonly GenerationRequest[],
    options?: GenerateOptions,
  ): Promise<GenerationResults> {
    return this.generator.generateContent(requests, options);
  }

  /** As `GenerationClient.generateContentStream`. */
  generateContentStream(
    request: GenerationRequest,
    options?: GenerationOptions,
  ): AsyncGenerator<string, StreamEnd, undefined> {
    return this.generator.generateContentStream(request, options);
  }

  #ready(): Engine<EmbeddingInput, Embedded> {
    if (this.#engine === null) throw keyMissing();
    return this.#engine;
  }

  #connect(
    options: ResolvedGeminiOptions & { readonly apiKey: string },
  ): Engine<EmbeddingInput, Embedded> {
    const { batching, calls, clock, dimensions, maxQueuedCalls, model, random } = options;
    const form = TASK_FORMS[model];
    const shared = { clock, random, retries: calls };
    const connection = geminiConnection(options, clock);
    const format = embeddingFormat({ model, dimensions, form });
    const jobs = connection.jobsOf({ ...shared, model, format });
    const { timeoutMs } = calls;
    const provider = { ...connection, model, dimensions, form, jobs, clock, timeoutMs };
    return new Engine({
      ...shared,
      provider: embeddingProvider(provider),
      client: this,
      contents: "text",
      maxParallel: batching.maxParallelIndividual,
      maxQueued: maxQueuedCalls,
      textsPerCall: batching.textsPerCall,
      pollMs: POLL_MS,
      checkOf: ({ space }) => checkOf(space.dimensions),
    });
  }
}
