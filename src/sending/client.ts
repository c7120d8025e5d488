import type { ObserveLatency } from "../planning/latencies.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { OnDeadline, Plan, PlanItem, SettledItem, Usage } from "../words/plans.ts";
import type { EmbeddingSpace, Logger, Purpose } from "../words/types.ts";
import type { CollectedJobs, JobCollection } from "./collect-jobs.ts";
import type { RequestsOfDay } from "./day-quota.ts";
import type { EventSource, Listener } from "./events.ts";
import type { JobLedger } from "./job-ledger.ts";
import type { Spending } from "./spending.ts";

/** What bounds the sending of a set of texts. */
export interface SendingBounds {
  /** Aborted: nothing more is sent; calls under way are still settled, jobs are left as pending. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Longest wait for jobs, in milliseconds from the start; what is in a job then is settled as
   * pending. Default `Infinity`; 0 creates the jobs and does not wait.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * What becomes of a job that has not ended at the deadline. `defer` (default): its texts are
   * pending. `individual`: it is cancelled, and what it has not served goes by calls; such a text may
   * be paid for twice. `fail`: its texts have failed.
   */
  readonly onDeadline?: OnDeadline | undefined;
  /** Where jobs are written down; without it they count for the life of the process. */
  readonly ledger?: JobLedger | undefined;
  /** Is told of decisions, and when a job is refused and its texts go another way. */
  readonly logger?: Partial<Logger> | undefined;
}

/** What a client needs to carry out a plan. */
export interface Execution<Input, Output> extends SendingBounds {
  /** What is sent for items, in their order; asked for just before they are sent. */
  readonly inputsOf: (items: readonly PlanItem[]) => Promise<readonly Input[]>;
  /**
   * Takes each settled set of results. Awaited before the call slot is free again, so that no more
   * answers are uncommitted at any instant than calls may be under way. Calls are settled before jobs.
   */
  readonly settle: (settled: readonly SettledItem<Output>[]) => Promise<void>;
  /** Longest time for calls; what has no answer then is failed with TIMEOUT. Default `Infinity`. */
  readonly callsDeadlineMs?: number | undefined;
  /** Where the requests of the day are kept; without it they count for the life of the client. */
  readonly requestsOfDay?: RequestsOfDay | undefined;
  /** What the run may still send; without it there is no limit. */
  readonly spending?: Spending | undefined;
  /** Is told how long calls and jobs take. */
  readonly observe?: ObserveLatency | undefined;
  /** Is told of this execution's events alone, beside the listeners of the client. */
  readonly onEvent?: Listener | undefined;
  /** Texts of the set that need no sending; counted in its event. Default 0. */
  readonly cacheHits?: number | undefined;
}

/** Whoever sends texts of one kind and settles their outcomes: the port that use cases know. */
export interface Sender<Input, Output> {
  /** Under which its jobs stand in the ledger, and what its answers depend on. */
  readonly space: EmbeddingSpace;
  /** What the planner must know of it. */
  readonly profile: ProviderProfile;
  /** Tells of its work while it goes on. Absent: it is silent. */
  readonly events?: EventSource;
  /**
   * Carries out a plan and decides nothing. A failed text is a result, not an exception; throws
   * only when the run cannot go on (and what `settle` throws).
   */
  execute(plan: Plan, execution: Execution<Input, Output>): Promise<Usage>;
  /** Looks after the jobs of earlier runs. Absent: it has no jobs that outlive a run. */
  collect?(collection: JobCollection<Output>): Promise<CollectedJobs>;
  /** Throws when it cannot work at all: KEY_MISSING, CONFIG_INVALID. Absent: it always can. */
  requireReady?(): void;
}

/** How a set of requests is planned and sent. */
export interface SetOptions extends Omit<SendingBounds, "ledger" | "logger"> {
  /** Purpose of requests that name none of their own. Default `index`. */
  readonly purpose?: Purpose | undefined;
  readonly forceBatch?: boolean | undefined;
  readonly forceIndividual?: boolean | undefined;
  /**
   * `failFast`: the first failure stops what has not been sent, and is thrown.
   * `collect`: every failure is a result.
   */
  readonly onError?: "failFast" | "collect" | undefined;
  /** Is told the decision. */
  readonly logger?: Partial<Logger> | undefined;
  readonly ledger?: JobLedger | undefined;
}
