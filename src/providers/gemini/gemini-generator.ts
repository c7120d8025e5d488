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
import { promptRequests, writerSpace } from "../../generation/prompt-requests.ts";
import { generationProfile } from "../../planning/generation-profile.ts";
import { batchingOfPrompts } from "../../planning/prompt-roads.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import type { CollectedJobs, JobCollection } from "../../sending/collect-jobs.ts";
import { Engine } from "../../sending/engine.ts";
import { EventSource } from "../../sending/events.ts";
import { sendRequests } from "../../sending/send-requests.ts";
import { SiteragError } from "../../words/errors.ts";
import type { EmbeddingSpace, Plan, Usage } from "../../words/types.ts";
import type { GeminiAccess } from "./gemini-api.ts";
import { geminiConnection, type GeminiConnection } from "./gemini-connection.ts";
import { keyMissing } from "./gemini-failure.ts";
import {
  resolveShared,
  type GeminiGeneratorOptions,
  type SharedOptions,
} from "./gemini-options.ts";
import { streamAnswer } from "./stream-answer.ts";
import { writingProvider } from "./writing-provider.ts";

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
  readonly #options: SharedOptions;
  readonly #connected: Connected | null;

  constructor(options: GeminiGeneratorOptions) {
    const { usdPerMillionInputTokens = null, usdPerMillionOutputTokens = null } = options;
    const prices = { usdPerMillionInputTokens, usdPerMillionOutputTokens };
    const shared = resolveShared(options);
    const { apiKey } = shared;
    this.model = options.model;
    this.space = writerSpace("gemini", options.model ?? "");
    this.profile = generationProfile(options.tier ?? "tier1", prices);
    this.#options = { ...shared, batching: batchingOfPrompts(shared.batching) };
    this.#connected = apiKey === null ? null : this.#connect({ ...this.#options, apiKey });
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
    const kind = promptRequests(this.#ready().model);
    const { batching, clock } = this.#options;
    const context = { client: this, kind, batching, clock };
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
    const { batching, calls, clock } = this.#options;
    const settings = { client: this, batching, clock, timeoutMs: calls.timeoutMs };
    return streamAnswer(request, signal, { ...this.#ready(), ...settings });
  }

  #ready(): Connected & { readonly model: string } {
    if (this.model === null) throw modelMissing();
    if (this.#connected === null) throw keyMissing();
    return { ...this.#connected, model: this.model };
  }

  #connect(options: SharedOptions & GeminiAccess): Connected {
    const connection = geminiConnection(options);
    const engine = new Engine({
      ...connection.sending,
      provider: writingProvider(connection, this.model ?? "", options.calls.timeoutMs),
      client: this,
      contents: "prompt",
      maxQueued: Number.POSITIVE_INFINITY,
    });
    return { engine, connection };
  }
}

const modelMissing = (): SiteragError =>
  new SiteragError(
    "CONFIG_INVALID",
    "generation.model: name a model of the Gemini API that writes texts (https://ai.google.dev/gemini-api/docs/models); there is no default.",
  );
