import { DEFAULTS } from "../../config/keys.ts";
import type {
  GeneratedText,
  GenerateOptions,
  GenerationClient,
  GenerationExecution,
  GenerationOptions,
  GenerationRequest,
  GenerationResults,
  StreamEnd,
} from "../../generation/client.ts";
import { promptRequests } from "../../generation/prompt-requests.ts";
import type { BatchingOptions } from "../../planning/choose-roads.ts";
import { generationProfile, type GenerationPrices } from "../../planning/generation-profile.ts";
import type { GeminiTier } from "../../planning/gemini-profile.ts";
import { writerOf } from "../../words/job-kind.ts";
import { batchingOfPrompts } from "../../planning/prompt-roads.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import type { CollectedJobs, JobCollection } from "../../sending/collect-jobs.ts";
import { Engine } from "../../sending/engine.ts";
import { EventSource } from "../../sending/events.ts";
import type { CallOptions } from "../../sending/retry.ts";
import { sendRequests } from "../../sending/send-requests.ts";
import { SiteragError } from "../../words/errors.ts";
import { systemClock } from "../../words/system-clock.ts";
import type { Clock, EmbeddingSpace, Plan, Usage } from "../../words/types.ts";
import { faithfulFetch } from "./faithful-fetch.ts";
import { DEFAULT_BASE_URL, type GeminiAccess } from "./gemini-api.ts";
import { geminiConnection, POLL_MS, type GeminiConnection } from "./gemini-connection.ts";
import { keyMissing } from "./gemini-failure.ts";
import { generationFormat } from "./generation-jsonl.ts";
import { streamAnswer } from "./stream-answer.ts";
import { writingProvider } from "./writing-provider.ts";

/** What a `GeminiGenerator` is made with. */
export interface GeminiGeneratorOptions extends Partial<GenerationPrices> {
  /** Null or empty: everything that needs the service throws KEY_MISSING. */
  readonly apiKey: string | null;
  /** Name of a model that writes; null: everything that needs it throws CONFIG_INVALID. */
  readonly model: string | null;
  /** Default, also when empty, `https://generativelanguage.googleapis.com`. */
  readonly baseUrl?: string | undefined;
  /** How it plans and how many calls may be under way. Default: the configuration's defaults. */
  readonly batching?: Partial<BatchingOptions>;
  /** How long calls may take and how they are repeated. Default: the configuration's defaults. */
  readonly calls?: Partial<CallOptions>;
  /** Tier of the account: the free one has no batch jobs. Default `tier1`. */
  readonly tier?: GeminiTier;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Chance for the jitter of retries, from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** What it sends by once there is a key. */
interface Connected {
  readonly engine: Engine<GenerationRequest, GeneratedText>;
  readonly connection: GeminiConnection;
}

/** Writes texts with the Gemini API. */
export class GeminiGenerator implements GenerationClient {
  readonly model: string | null;
  readonly profile: ProviderProfile;
  readonly space: EmbeddingSpace;
  /** Tells of its work while it goes on. */
  readonly events: EventSource = new EventSource();
  readonly #batching: BatchingOptions;
  readonly #calls: CallOptions;
  readonly #clock: Clock;
  readonly #connected: Connected | null;

  constructor(options: GeminiGeneratorOptions) {
    const { clock = systemClock, random = Math.random, tier = "tier1" } = options;
    const { usdPerMillionInputTokens = null, usdPerMillionOutputTokens = null } = options;
    this.model = options.model;
    this.space = spaceOf(options.model ?? "");
    this.profile = generationProfile(tier, { usdPerMillionInputTokens, usdPerMillionOutputTokens });
    const batching = { ...DEFAULTS.batching, ...options.batching };
    this.#batching = batchingOfPrompts(batching);
    this.#calls = { ...DEFAULTS.calls, ...options.calls };
    this.#clock = clock;
    const { apiKey, baseUrl = "", fetch = globalThis.fetch } = options;
    const address = baseUrl === "" ? DEFAULT_BASE_URL : baseUrl;
    this.#connected =
      apiKey === null || apiKey === ""
        ? null
        : this.#connect({ apiKey, baseUrl: address, fetch: faithfulFetch(fetch) }, random);
  }

  /** Throws CONFIG_INVALID without a model, and KEY_MISSING. */
  requireReady(): void {
    this.#ready();
  }

  async execute(plan: Plan, execution: GenerationExecution): Promise<Usage> {
    return this.#ready().engine.execute(plan, execution);
  }

  async generateContent(
    requests: readonly GenerationRequest[],
    options: GenerateOptions = {},
  ): Promise<GenerationResults> {
    const { model } = this.#ready();
    const context = {
      client: this,
      kind: promptRequests(model),
      batching: this.#batching,
      clock: this.#clock,
    };
    return sendRequests(requests, { onError: "collect", ...options }, context);
  }

  /** Looks after the jobs of earlier runs, whichever model they were ordered from. */
  async collect(collection: JobCollection<GeneratedText>): Promise<CollectedJobs> {
    // Any model's jobs can be read: they need no model of this client's own.
    if (this.#connected === null) throw keyMissing();
    return this.#connected.engine.collect(collection);
  }

  generateContentStream(
    request: GenerationRequest,
    { signal = new AbortController().signal }: GenerationOptions = {},
  ): AsyncGenerator<string, StreamEnd, undefined> {
    const { engine, connection, model } = this.#ready();
    return streamAnswer(request, signal, {
      engine,
      ...connection,
      model,
      profile: this.profile,
      batching: this.#batching,
      events: this.events,
      clock: this.#clock,
      timeoutMs: this.#calls.timeoutMs,
    });
  }

  #ready(): Connected & { readonly model: string } {
    if (this.model === null) throw modelMissing();
    if (this.#connected === null) throw keyMissing();
    return { ...this.#connected, model: this.model };
  }

  #connect(access: GeminiAccess, random: () => number): Connected {
    const { maxParallelIndividual: maxParallel, textsPerCall } = this.#batching;
    const shared = { clock: this.#clock, random, retries: this.#calls };
    const model = this.model ?? "";
    const connection = geminiConnection(access, this.#clock);
    const { timeoutMs } = this.#calls;
    const jobs = connection.jobsOf({ ...shared, model, format: generationFormat });
    const engine = new Engine({
      ...shared,
      provider: writingProvider({ ...connection, model, jobs, clock: this.#clock, timeoutMs }),
      client: this,
      contents: "prompt",
      maxParallel,
      maxQueued: Number.POSITIVE_INFINITY,
      textsPerCall,
      pollMs: POLL_MS,
    });
    return { engine, connection };
  }
}

/** What jobs that write stand under in the ledger, beside those that embed. */
const spaceOf = (model: string): EmbeddingSpace => ({
  provider: writerOf("gemini"),
  model,
  dimensions: 0,
  taskForm: "generate",
});

const modelMissing = (): SiteragError =>
  new SiteragError(
    "CONFIG_INVALID",
    "generation.model: name a model of the Gemini API that writes texts (https://ai.google.dev/gemini-api/docs/models); there is no default.",
  );
