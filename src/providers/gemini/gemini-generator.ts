import { configSchema } from "../../config/schema.ts";
import { CallFailure } from "../../sending/call-failure.ts";
import { collectRows } from "../../sending/collect-jobs.ts";
import { notOk } from "../../sending/given-up.ts";
import type { CollectedJobs } from "../../sending/job-collection.ts";
import { SiteragError, toError } from "../../words/errors.ts";
import { GENERATION_PROVIDER } from "../../words/job-kind.ts";
import type {
  GenerateOptions,
  GenerationClient,
  GenerationCollection,
  GenerationExecution,
  GenerationOptions,
  GenerationRequest,
  GenerationResult,
  GenerationResults,
  StreamEnd,
} from "../../generation/client.ts";
import { generateContent } from "../../generation/generate-content.ts";
import { UsageTally } from "../../generation/usage-tally.ts";
import { systemClock } from "../../words/system-clock.ts";
import type { BatchingOptions, Roads } from "../../planning/choose-roads.ts";
import type { GenerationPrices } from "../../planning/generation-cost.ts";
import type { GeminiTier } from "../../planning/gemini-profile.ts";
import { generationProfile } from "../../planning/generation-profile.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import type { Clock, EmbeddingSpace, JobRecord } from "../../words/types.ts";
import { BatchApi } from "./batch-api.ts";
import { faithfulFetch } from "./faithful-fetch.ts";
import { DEFAULT_BASE_URL, GeminiApi } from "./gemini-api.ts";
import { keyMissing } from "./gemini-failure.ts";
import { GeminiJobs } from "./gemini-jobs.ts";
import { GeminiRest } from "./gemini-rest.ts";
import { finishOf, joined, NOTHING } from "./generate-answer.ts";
import type { Piece } from "./generate-answer.ts";
import { countAnswer, GenerationCalls, withSetting } from "./generation-calls.ts";
import type { BegunAnswer, RequestRun } from "./generation-calls.ts";
import { chargedFor, generationFormat, isServed, resultOfRows } from "./generation-jsonl.ts";
import type { GenerationRow } from "./generation-jsonl.ts";
import { GenerationRun, POLLING } from "./generation-run.ts";

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
  /** Tier of the account: the free one has no batch jobs. Default `tier1`. */
  readonly tier?: GeminiTier;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Chance for the jitter of retries, from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** Writes texts with the Gemini API. */
export class GeminiGenerator implements GenerationClient {
  readonly model: string | null;
  readonly profile: ProviderProfile;
  readonly #hasKey: boolean;
  readonly #prices: GenerationPrices;
  readonly #batching: BatchingOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #calls: GenerationCalls;
  readonly #batchApi: BatchApi;

  constructor(options: GeminiGeneratorOptions) {
    const { baseUrl = "", clock = systemClock, fetch = globalThis.fetch } = options;
    const { random = Math.random, tier = "tier1" } = options;
    const apiKey = options.apiKey ?? "";
    this.model = options.model;
    this.#hasKey = apiKey !== "";
    this.#prices = {
      usdPerMillionInputTokens: options.usdPerMillionInputTokens ?? null,
      usdPerMillionOutputTokens: options.usdPerMillionOutputTokens ?? null,
    };
    this.#batching = { ...configSchema.parse({}).batching, ...options.batching };
    this.profile = generationProfile(tier);
    this.#clock = clock;
    this.#random = random;
    const address = baseUrl === "" ? DEFAULT_BASE_URL : baseUrl;
    const access = { apiKey, baseUrl: address, fetch: faithfulFetch(fetch) };
    const api = new GeminiApi(access);
    const maxParallel = this.#batching.maxParallelIndividual;
    this.#calls = new GenerationCalls({ api, apiKey, clock, random, maxParallel });
    this.#batchApi = new BatchApi({ rest: new GeminiRest(access), sdk: api, apiKey, clock });
  }

  /** Throws CONFIG_INVALID without a model, and KEY_MISSING. */
  requireReady(): void {
    this.#readyModel();
  }

  async execute(roads: Roads, execution: GenerationExecution): Promise<void> {
    const model = this.#readyModel();
    const { signal = new AbortController().signal, spending } = execution;
    const tally = new UsageTally();
    const run = new GenerationRun(
      roads,
      {
        service: this.#jobsOf(model),
        call: (request) => this.#resultOf({ model, request, signal, spending, tally }),
        tally,
        space: spaceOf(model),
        maxParallel: this.#batching.maxParallelIndividual,
        jobsAtOnce: this.profile.batch?.jobsAtOnce ?? 1,
        clock: this.#clock,
        random: this.#random,
      },
      execution,
    );
    await run.toTheEnd().finally(() => execution.onUsage(tally.usageOfSet(this.#prices)));
  }

  async generateContent(
    requests: readonly GenerationRequest[],
    options: GenerateOptions = {},
  ): Promise<GenerationResults> {
    const model = this.#readyModel();
    return generateContent(requests, options, this, { model, batching: this.#batching });
  }

  /** Looks after the jobs of earlier runs, whichever model they were ordered from. */
  async collect({ settle, onUsage, ...bounds }: GenerationCollection): Promise<CollectedJobs> {
    const tally = new UsageTally();
    const take = (
      rows: readonly GenerationRow[],
      { fingerprints, tokens }: JobRecord,
      isCancelled: boolean,
    ): Promise<void> => {
      const byKey = Map.groupBy(rows, ({ key }) => key);
      for (const key of fingerprints) {
        const share = Math.round(tokens / fingerprints.length);
        const charged = chargedFor(byKey.get(key) ?? [], share, isCancelled);
        if (charged !== null) tally.answered(charged, "batch");
      }
      // What a job has not served is asked for anew.
      const served = fingerprints.filter((key) => isServed(byKey.get(key) ?? []));
      return settle(served.map((key) => ({ key, result: resultOfRows(byKey.get(key) ?? []) })));
    };
    const settings = { clock: this.#clock, polling: POLLING };
    if (!this.#hasKey) throw keyMissing();
    // Any model's jobs can be read.
    const service = this.#jobsOf(this.model ?? "");
    return collectRows({ ...bounds, take }, service, settings).finally(() =>
      onUsage(tally.usageOfSet(this.#prices)),
    );
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
      countAnswer(run, answer);
      return { finish: finishOf(answer), usage: tally.usage(this.#prices) };
    } catch (cause) {
      throw reported(cause, signal);
    } finally {
      begun?.stream.close();
    }
  }

  async #resultOf(run: RequestRun): Promise<GenerationResult> {
    try {
      return { status: "ok", ...(await this.#calls.answer(run)) };
    } catch (cause) {
      return notOk(reported(cause, run.signal));
    }
  }

  #jobsOf(model: string): GeminiJobs<GenerationRequest, GenerationRow> {
    const shared = { api: this.#batchApi, clock: this.#clock, random: this.#random };
    return new GeminiJobs({ ...shared, model, format: generationFormat });
  }

  #readyModel(): string {
    if (this.model === null) throw modelMissing();
    if (!this.#hasKey) throw keyMissing();
    return this.model;
  }
}

/** What jobs that write stand under in the ledger, beside those that embed. */
const spaceOf = (model: string): EmbeddingSpace => ({
  provider: GENERATION_PROVIDER,
  model,
  dimensions: 0,
  taskForm: "generate",
});

function reported(cause: unknown, signal: AbortSignal): Error {
  if (cause instanceof CallFailure) return withSetting(cause.error);
  return signal.aborted ? interrupted(cause) : toError(cause);
}

const interrupted = (cause: unknown): SiteragError =>
  new SiteragError("INTERRUPTED", "Interrupted before this text was written.", { cause });

const modelMissing = (): SiteragError =>
  new SiteragError(
    "CONFIG_INVALID",
    "generation.model: name a model of the Gemini API that writes texts (https://ai.google.dev/gemini-api/docs/models); there is no default.",
  );
