import { CallFailure } from "../embedding/call-failure.ts";
import { runPool } from "../embedding/pool.ts";
import { SiteragError, toError } from "../errors.ts";
import type {
  GenerationClient,
  GenerationOptions,
  GenerationRequest,
  GenerationResult,
  GenerationResults,
  StreamEnd,
} from "../generation/client.ts";
import { UsageTally } from "../generation/usage-tally.ts";
import type { GenerationPrices } from "../generation/usage-tally.ts";
import { systemClock } from "../system-clock.ts";
import type { Clock } from "../types.ts";
import { faithfulFetch } from "./faithful-fetch.ts";
import { DEFAULT_BASE_URL, GeminiApi } from "./gemini-api.ts";
import { keyMissing } from "./gemini-failure.ts";
import { finishOf, joined, NOTHING } from "./generate-answer.ts";
import type { Piece } from "./generate-answer.ts";
import { countAnswer, GenerationCalls } from "./generation-calls.ts";
import type { BegunAnswer, GenerationRun } from "./generation-calls.ts";

/** What a `GeminiGenerator` is made with. */
export interface GeminiGeneratorOptions extends Partial<GenerationPrices> {
  /** Null or empty: everything that needs the service throws KEY_MISSING. */
  readonly apiKey: string | null;
  /** Name of a model that writes; null: everything that needs it throws CONFIG_INVALID. */
  readonly model: string | null;
  /** Default, also when empty, `https://generativelanguage.googleapis.com`. */
  readonly baseUrl?: string | undefined;
  /** Calls under way at once. Default 5. */
  readonly maxParallel?: number;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Chance for the jitter of retries, from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** Writes texts with the Gemini API. */
export class GeminiGenerator implements GenerationClient {
  readonly #model: string | null;
  readonly #hasKey: boolean;
  readonly #prices: GenerationPrices;
  readonly #maxParallel: number;
  readonly #calls: GenerationCalls;

  constructor(options: GeminiGeneratorOptions) {
    const { baseUrl = "", clock = systemClock, fetch = globalThis.fetch } = options;
    const { maxParallel = 5, random = Math.random } = options;
    const apiKey = options.apiKey ?? "";
    this.#model = options.model;
    this.#hasKey = apiKey !== "";
    this.#prices = {
      usdPerMillionInputTokens: options.usdPerMillionInputTokens ?? null,
      usdPerMillionOutputTokens: options.usdPerMillionOutputTokens ?? null,
    };
    this.#maxParallel = maxParallel;
    const address = baseUrl === "" ? DEFAULT_BASE_URL : baseUrl;
    const api = new GeminiApi({ apiKey, baseUrl: address, fetch: faithfulFetch(fetch) });
    this.#calls = new GenerationCalls({ api, apiKey, clock, random, maxParallel });
  }

  /** Throws CONFIG_INVALID without a model, and KEY_MISSING. */
  requireReady(): void {
    this.#readyModel();
  }

  async generateContent(
    requests: readonly GenerationRequest[],
    { signal = new AbortController().signal }: GenerationOptions = {},
  ): Promise<GenerationResults> {
    const model = this.#readyModel();
    const tally = new UsageTally();
    const results = new Map<GenerationRequest, GenerationResult>();
    const write = async (request: GenerationRequest): Promise<void> => {
      results.set(request, await this.#resultOf({ model, request, signal, tally }));
    };
    await runPool(new Set(requests), this.#maxParallel, write, signal);
    return {
      results: requests.map((request) => ({
        ...(results.get(request) ?? { status: "failed", error: interrupted(signal.reason) }),
        ...(request.tag === undefined ? {} : { tag: request.tag }),
      })),
      usage: tally.usage(this.#prices),
    };
  }

  async *generateContentStream(
    request: GenerationRequest,
    { signal = new AbortController().signal }: GenerationOptions = {},
  ): AsyncGenerator<string, StreamEnd, undefined> {
    const tally = new UsageTally();
    const run = { model: this.#readyModel(), request, signal, tally };
    let begun: BegunAnswer | null = null;
    try {
      begun = await this.#calls.begin(run);
      let answer = NOTHING;
      for (
        let piece: Piece | null = begun.first;
        piece !== null;
        piece = await begun.stream.next()
      ) {
        answer = joined(answer, piece);
        if (piece.text !== "") yield piece.text;
      }
      const finish = finishOf(answer);
      countAnswer(run, answer);
      return { finish, usage: tally.usage(this.#prices) };
    } catch (cause) {
      throw reported(cause, signal);
    } finally {
      begun?.stream.close();
    }
  }

  async #resultOf(run: GenerationRun): Promise<GenerationResult> {
    try {
      return { status: "ok", ...(await this.#calls.answer(run)) };
    } catch (cause) {
      return { status: "failed", error: reported(cause, run.signal) };
    }
  }

  #readyModel(): string {
    if (this.#model === null) throw modelMissing();
    if (!this.#hasKey) throw keyMissing();
    return this.#model;
  }
}

function reported(cause: unknown, signal: AbortSignal): Error {
  if (cause instanceof CallFailure) {
    return cause.error.code === "MODEL_UNAVAILABLE" ? modelUnknown(cause) : cause.error;
  }
  return signal.aborted ? interrupted(cause) : toError(cause);
}

const interrupted = (cause: unknown): SiteragError =>
  new SiteragError("INTERRUPTED", "Interrupted before this text was written.", { cause });

const modelUnknown = (cause: CallFailure): SiteragError =>
  new SiteragError(
    "MODEL_UNAVAILABLE",
    "The Gemini API answered 404: it has no model of this name that writes texts. Check generation.model.",
    { cause },
  );

const modelMissing = (): SiteragError =>
  new SiteragError(
    "CONFIG_INVALID",
    "generation.model: name a model of the Gemini API that writes texts (https://ai.google.dev/gemini-api/docs/models); there is no default.",
  );
