import { BaseGenerator } from "../../generation/base-generator.ts";
import type { GeneratedText, GenerationRequest } from "../../generation/client.ts";
import type { BegunAnswer } from "../../generation/stream-answer.ts";
import { generationProfile } from "../../planning/generation-profile.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import { Engine } from "../../sending/engine.ts";
import { SiteragError } from "../../words/errors.ts";
import { beginAnswer } from "./begin-answer.ts";
import { geminiConnection, type GeminiConnection } from "./gemini-connection.ts";
import { keyMissing } from "./gemini-failure.ts";
import { refuse, resolveShared, type GeminiGeneratorOptions } from "./gemini-options.ts";
import { writingProvider } from "./writing-provider.ts";

/** What a generator with a key sends by. */
interface Connected {
  readonly engine: Engine<GenerationRequest, GeneratedText>;
  readonly connection: GeminiConnection;
}

/** Writes texts with the Gemini API. */
export class GeminiGenerator extends BaseGenerator {
  readonly model: string | null;
  readonly profile: ProviderProfile;
  /** Timeout of an embedding call. */
  readonly #timeoutMs: number;
  readonly #connected: Connected | null;

  constructor(options: GeminiGeneratorOptions) {
    const { model, tier = "tier1" } = options;
    const { usdPerMillionInputTokens = null, usdPerMillionOutputTokens = null } = options;
    const shared = resolveShared(options);
    const { apiKey, calls, batching, clock, problems } = shared;
    refuse("GeminiGenerator", problems);
    super("gemini", model, batching, clock);
    this.model = model;
    this.profile = generationProfile(tier, { usdPerMillionInputTokens, usdPerMillionOutputTokens });
    this.#timeoutMs = calls.timeoutMs;
    this.#connected =
      apiKey === null ? null : this.#connect(geminiConnection({ ...shared, apiKey }));
  }

  /** Throws CONFIG_INVALID without a model, and KEY_MISSING. */
  requireReady(): void {
    if (this.model === null) throw modelMissing();
    this.#ready();
  }

  protected get engine(): Engine<GenerationRequest, GeneratedText> {
    return this.#ready().engine;
  }

  protected begin(request: GenerationRequest, signal: AbortSignal): Promise<BegunAnswer> {
    const call = { model: this.space.model, request };
    return beginAnswer(this.#ready().connection, call, this.#timeoutMs, signal);
  }

  #ready(): Connected {
    if (this.#connected === null) throw keyMissing();
    return this.#connected;
  }

  #connect(connection: GeminiConnection): Connected {
    const engine = new Engine({
      ...connection.sending,
      provider: writingProvider(connection, this.space.model, this.#timeoutMs),
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
    "generation.model: name a Gemini model that writes texts (https://ai.google.dev/gemini-api/docs/models).",
  );
