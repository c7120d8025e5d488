import type { PoolState } from "../words/metrics.ts";
import type { Plan, Usage } from "../words/plans.ts";
import { AdaptiveConcurrency } from "./adaptive-concurrency.ts";
import { Calls } from "./calls.ts";
import type { Execution, CollectedJobs, JobCollection } from "./client.ts";
import { collectJobs } from "./collect-jobs.ts";
import { DayQuota } from "./day-quota.ts";
import type { EngineOptions, EngineParts } from "./engine-options.ts";
import { carryOutPlan } from "./plan-run.ts";
import { RateLimit } from "./rate-limit.ts";

/** Sends texts of one kind to one provider: the one engine behind every client. */
export class Engine<Input, Output> {
  readonly #parts: EngineParts<Input, Output>;

  constructor(options: EngineOptions<Input, Output>) {
    const { client, clock, maxParallel: most, maxQueued, provider, random, retries } = options;
    const { individual } = client.profile;
    const calls = new Calls(provider, {
      clock,
      random,
      retries,
      concurrency: new AdaptiveConcurrency({ most, maxQueued, clock }),
      rate: new RateLimit(individual, clock),
      day: new DayQuota(individual.requestsPerDay, clock),
    });
    this.#parts = { ...options, calls };
  }

  /** The calls of all runs: they share its limits. */
  get calls(): Calls<Input, Output> {
    return this.#parts.calls;
  }

  /** The state of its call slots. */
  get pool(): PoolState {
    return this.calls.concurrency.state;
  }

  /** As `Sender.execute`. */
  execute(plan: Plan, execution: Execution<Input, Output>): Promise<Usage> {
    return carryOutPlan(plan, execution, this.#parts);
  }

  /** As `Sender.collect`. */
  collect(collection: JobCollection<Output>): Promise<CollectedJobs> {
    return collectJobs(collection, this.#parts);
  }
}
