import { BaseEmbeddingClient } from "../../embedding/base-client.ts";
import type { Polling } from "../../sending/await-job.ts";
import { CallGate } from "../../sending/call-gate.ts";
import type { PlanExecution } from "../../embedding/client.ts";
import { collectJobs } from "../../sending/collect-jobs.ts";
import type { CollectedJobs, JobCollection } from "../../sending/job-collection.ts";
import { DayQuota } from "../../sending/day-quota.ts";
import { executePlan } from "../../embedding/execute-plan.ts";
import { RateLimit } from "../../sending/rate-limit.ts";
import type { PoolState } from "../../words/metrics.ts";
import type { EmbeddingService } from "../../sending/service.ts";
import type { BatchingOptions } from "../../planning/choose-roads.ts";
import { geminiProfile } from "../../planning/gemini-profile.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import type { Clock, EmbeddingSpace, Plan, Usage } from "../../words/types.ts";
import { BatchApi } from "./batch-api.ts";
import { embeddingFormat } from "./batch-jsonl.ts";
import { GeminiApi } from "./gemini-api.ts";
import { keyMissing } from "./gemini-failure.ts";
import { GeminiJobs } from "./gemini-jobs.ts";
import { resolveGeminiOptions } from "./gemini-options.ts";
import type { ResolvedGeminiOptions, SmartGeminiOptions } from "./gemini-options.ts";
import { GeminiRest } from "./gemini-rest.ts";
import { IndividualCalls } from "./individual-calls.ts";
import { TASK_FORMS } from "./task-forms.ts";

interface Settings {
  readonly dimensions: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly polling: Polling;
}

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
  readonly #settings: Settings;
  readonly #gate: CallGate;
  readonly #service: EmbeddingService | null;

  /** Throws CONFIG_INVALID. */
  constructor(options: SmartGeminiOptions) {
    const resolved = resolveGeminiOptions(options);
    const { apiKey, batching, clock, coalesce, dimensions, limits, model, random } = resolved;
    super(batching, coalesce, clock);
    this.space = { provider: "gemini", model, dimensions, taskForm: TASK_FORMS[model].name };
    this.profile = geminiProfile(model, dimensions, limits);
    this.#batching = batching;
    this.#gate = new CallGate({
      most: batching.maxParallelIndividual,
      maxQueued: resolved.maxQueuedCalls,
      clock,
    });
    this.#settings = { dimensions, clock, random, polling: POLLING };
    this.#service = apiKey === null ? null : this.#connect({ ...resolved, apiKey });
  }

  /** How the places for calls stand. */
  get pool(): PoolState {
    return this.#gate.state;
  }

  /** Throws KEY_MISSING. */
  requireReady(): void {
    if (this.#service === null) throw keyMissing();
  }

  async execute(plan: Plan, execution: PlanExecution): Promise<Usage> {
    if (this.#service === null) throw keyMissing();
    return executePlan(plan, execution, this.#service, {
      ...this.#settings,
      space: this.space,
      tell: this.events.emit,
      gate: this.#gate,
      maxParallel: this.#batching.maxParallelIndividual,
      textsPerCall: this.#batching.textsPerCall,
      profile: this.profile,
    });
  }

  /** Looks after the jobs of earlier runs. */
  async collect(collection: JobCollection): Promise<CollectedJobs> {
    if (this.#service?.jobs == null) throw keyMissing();
    const { tellState } = this.events;
    return collectJobs(collection, this.#service.jobs, { ...this.#settings, tellState });
  }

  #connect(options: ResolvedGeminiOptions & { readonly apiKey: string }): EmbeddingService {
    const { apiKey, baseUrl, clock, fetch, model } = options;
    const { individual } = this.profile;
    const sdk = new GeminiApi({ apiKey, baseUrl, fetch });
    const rest = new GeminiRest({ apiKey, baseUrl, fetch });
    const shared = { apiKey, model, form: TASK_FORMS[model], ...this.#settings };
    const calls = new IndividualCalls({
      ...shared,
      api: sdk,
      gate: this.#gate,
      rate: new RateLimit(individual, clock),
      tokensAroundText: individual.limits.tokensAroundText,
      day: new DayQuota(individual.requestsPerDay, clock),
    });
    return {
      embed: (pack, context) => calls.embed(pack, context),
      jobs: new GeminiJobs({
        ...shared,
        format: embeddingFormat(shared),
        api: new BatchApi({ rest, sdk, apiKey, clock }),
      }),
    };
  }
}
