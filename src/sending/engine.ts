import type { PoolState } from "../words/metrics.ts";
import type { Clock, JobRecord, Plan, Usage } from "../words/types.ts";
import { AdaptiveConcurrency } from "./adaptive-concurrency.ts";
import type { Polling } from "./await-job.ts";
import { Calls } from "./calls.ts";
import type { Execution, Sender } from "./client.ts";
import { collectJobs } from "./collect-jobs.ts";
import type { CollectedJobs, JobCollection } from "./collect-jobs.ts";
import { DayQuota } from "./day-quota.ts";
import type { EventSource } from "./events.ts";
import type { Contents } from "./job-results.ts";
import { carryOutPlan } from "./plan-run.ts";
import type { Provider } from "./provider.ts";
import { RateLimit } from "./rate-limit.ts";
import type { RetryPolicy } from "./retry.ts";

export interface EngineOptions<Input, Output> {
  readonly provider: Provider<Input, Output>;
  /** Whose engine it is. */
  readonly client: Pick<Sender<Input, Output>, "space" | "profile"> & {
    readonly events: EventSource;
  };
  readonly contents: Contents;
  /** Calls under way at once, over all runs. */
  readonly maxParallel: number;
  /** Calls that may wait for a call slot, over all runs. */
  readonly maxQueued: number;
  /** Texts in one call, at most. */
  readonly textsPerCall: number;
  readonly retries: RetryPolicy;
  readonly polling: Polling;
  readonly clock: Clock;
  /** Chance for the jitter of retries, from 0 up to 1. */
  readonly random: () => number;
  /** Whether the use of call slots is told with the end of a set. Default true. */
  readonly isPoolTold?: boolean;
  /** The answers of a job are checked as those of its own space. Default: as those of this one. */
  readonly checkOf?: (record: JobRecord) => Provider<never, Output>["check"];
}

/** Sends texts of one kind to one provider: the one engine behind every client. */
export class Engine<Input, Output> {
  readonly #options: EngineOptions<Input, Output>;
  readonly #calls: Calls<Input, Output>;

  constructor(options: EngineOptions<Input, Output>) {
    this.#options = options;
    const { client, clock, maxParallel: most, maxQueued, provider, random, retries } = options;
    const { individual } = client.profile;
    this.#calls = new Calls(provider, {
      clock,
      random,
      retries,
      concurrency: new AdaptiveConcurrency({ most, maxQueued, clock }),
      rate: new RateLimit(individual, clock),
      day: new DayQuota(individual.requestsPerDay, clock),
    });
  }

  /** The calls of all runs, which share its limits. */
  get calls(): Calls<Input, Output> {
    return this.#calls;
  }

  /** How its call slots stand. */
  get pool(): PoolState {
    return this.#calls.concurrency.state;
  }

  /** As `Sender.execute`. */
  execute(plan: Plan, execution: Execution<Input, Output>): Promise<Usage> {
    const { client, isPoolTold = true, ...options } = this.#options;
    const { events, profile, space } = client;
    const own = { profile, space, tell: events.emit, calls: this.#calls, isPoolTold };
    return carryOutPlan(plan, execution, { ...options, ...own });
  }

  /** As `Sender.collect`. */
  async collect(collection: JobCollection<Output>): Promise<CollectedJobs> {
    const { client, clock, polling, provider } = this.#options;
    const { jobs: service } = provider;
    if (service === null) return { collected: [], out: [], lost: [] };
    const { checkOf = () => provider.check } = this.#options;
    const { events, profile } = client;
    const settings = { service, checkOf, profile, clock, polling, tell: events.emit };
    return collectJobs(collection, settings);
  }
}
