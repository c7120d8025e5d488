import { configSchema } from "../config/schema.ts";
import { BaseEmbeddingClient } from "../embedding/base-client.ts";
import { CallGate } from "../embedding/call-gate.ts";
import type { PlanExecution } from "../embedding/client.ts";
import { DayQuota } from "../embedding/day-quota.ts";
import { executePlan } from "../embedding/execute-plan.ts";
import { RateLimit } from "../embedding/rate-limit.ts";
import type { EmbeddingService } from "../embedding/service.ts";
import { SiteragError } from "../errors.ts";
import type { BatchingOptions } from "../planning/choose-strategy.ts";
import { geminiProfile } from "../planning/gemini-profile.ts";
import type { GeminiLimits, GeminiModel } from "../planning/gemini-profile.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { systemClock } from "../system-clock.ts";
import type { Clock, EmbeddingSpace, Plan, Usage } from "../types.ts";
import { GeminiApi } from "./gemini-api.ts";
import { IndividualCalls } from "./individual-calls.ts";
import { TASK_FORMS } from "./task-forms.ts";

export interface SmartGeminiOptions {
  /** Null: everything that needs the service throws KEY_MISSING. */
  readonly apiKey: string | null;
  /** Default `https://generativelanguage.googleapis.com`. */
  readonly baseUrl?: string | undefined;
  /** Default `gemini-embedding-2`. */
  readonly model?: GeminiModel;
  /** From 128 to 3,072. Default 768. */
  readonly dimensions?: number;
  /** How it plans and how many calls may be under way. Default: the configuration's defaults. */
  readonly batching?: Partial<BatchingOptions>;
  /** The account's tier, and limits that differ from the tier's. Default: `tier1`. */
  readonly limits?: GeminiLimits;
  /** Calls that may wait for a place, over all sets under way. Default 1,000. */
  readonly maxQueuedCalls?: number;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Chance for the jitter of retries, from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** Far more than a build has under way, and little memory. */
const MAX_QUEUED_CALLS = 1000;

/** First pause and longest pause between two looks at a job: small jobs can take ten minutes. */
const POLLING = { firstMs: 10_000, mostMs: 60_000 } as const;

/**
 * Embeds with the Gemini API: one text by an individual call, sets packed, retried, under the limits
 * of the account. Decides by the same planner as `siterag index --dry-run` shows.
 */
export class SmartGeminiClient extends BaseEmbeddingClient {
  readonly space: EmbeddingSpace;
  readonly profile: ProviderProfile;
  readonly #batching: BatchingOptions;
  readonly #clock: Clock;
  readonly #service: EmbeddingService | null;

  constructor(options: SmartGeminiOptions) {
    const defaults = configSchema.parse({});
    const { clock = systemClock, model = "gemini-embedding-2", dimensions = 768 } = options;
    const batching = { ...defaults.batching, ...options.batching };
    super(batching, clock);
    const form = TASK_FORMS[model];
    this.space = { provider: "gemini", model, dimensions, taskForm: form.name };
    // Batch jobs need the ledger that outlives a process; until then all goes by calls.
    this.profile = { ...geminiProfile(model, options.limits ?? defaults.limits), batch: null };
    this.#batching = batching;
    this.#clock = clock;
    this.#service = options.apiKey === null ? null : this.#connect(options, options.apiKey, model);
  }

  /** Throws KEY_MISSING. */
  requireReady(): void {
    if (this.#service === null) throw keyMissing();
  }

  async execute(plan: Plan, execution: PlanExecution): Promise<Usage> {
    if (this.#service === null) throw keyMissing();
    return executePlan(plan, execution, this.#service, {
      maxParallel: this.#batching.maxParallelIndividual,
      dimensions: this.space.dimensions,
      profile: this.profile,
      clock: this.#clock,
      polling: POLLING,
    });
  }

  #connect(options: SmartGeminiOptions, apiKey: string, model: GeminiModel): EmbeddingService {
    const { baseUrl, fetch, random = Math.random, maxQueuedCalls = MAX_QUEUED_CALLS } = options;
    const { individual } = this.profile;
    const calls = new IndividualCalls({
      api: new GeminiApi({ apiKey, baseUrl, fetch }),
      apiKey,
      model,
      dimensions: this.space.dimensions,
      form: TASK_FORMS[model],
      clock: this.#clock,
      random,
      gate: new CallGate({
        most: this.#batching.maxParallelIndividual,
        maxQueued: maxQueuedCalls,
      }),
      rate: new RateLimit(individual, this.#clock),
      day: new DayQuota(individual.requestsPerDay, this.#clock),
    });
    return {
      embed: (pack, context) => calls.embed(pack, context),
      createJob: noJobs,
      readJob: noJobs,
      readRows: noJobs,
    };
  }
}

const noJobs = (): never => {
  throw new TypeError("The plan holds a job, and the profile of this client has none.");
};

const keyMissing = (): SiteragError =>
  new SiteragError(
    "KEY_MISSING",
    'There is no key for the Gemini API. Set GEMINI_API_KEY (https://aistudio.google.com/apikey), or write embedding.provider: "mock" to go on without one.',
  );
