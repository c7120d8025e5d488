import type { ObserveLatency } from "../planning/latencies.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type {
  EmbeddingInput,
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingSpace,
  Logger,
  OnDeadline,
  Plan,
  PlanItem,
  Purpose,
  SettledItem,
  Usage,
} from "../words/types.ts";
import type { RequestsOfDay } from "../sending/day-quota.ts";
import type { EventSource, Listener } from "../sending/events.ts";
import type { Patience } from "../sending/given-up.ts";
import type { CollectedJobs, JobCollection } from "../sending/job-collection.ts";
import type { JobLedger } from "../sending/job-ledger.ts";
import type { Spending } from "../sending/spending.ts";

/** What a client needs to carry out a plan. */
export interface PlanExecution {
  /** The embedding inputs of items, in their order; asked for just before they are sent. */
  readonly inputsOf: (items: readonly PlanItem[]) => Promise<readonly EmbeddingInput[]>;
  /**
   * Takes each settled set of results. Awaited before the place in the pool is free again, so that
   * no more answers are uncommitted at any instant than calls may be under way. Calls are settled
   * before jobs.
   */
  readonly settle: (settled: readonly SettledItem[]) => Promise<void>;
  /** Aborted: nothing more is sent; calls under way are still settled, jobs are left as pending. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Longest wait for jobs, in milliseconds from the start; what is in a job then is settled as
   * pending. Default `Infinity`; 0 creates the jobs and does not wait.
   */
  readonly deadlineMs?: number | undefined;
  /** Longest time for calls; what has no answer then is failed with TIMEOUT. Default `Infinity`. */
  readonly callsDeadlineMs?: number | undefined;
  /** Where the requests of the day are kept; without it they count for the life of the client. */
  readonly requestsOfDay?: RequestsOfDay | undefined;
  /** What the run may still send; without it there is no limit. */
  readonly spending?: Spending | undefined;
  /** Is told how long calls and jobs take. */
  readonly observe?: ObserveLatency | undefined;
  /** Where jobs are written down; without it they count for the life of the process. */
  readonly ledger?: JobLedger | undefined;
  /**
   * What becomes of a job that has not ended at the deadline. `defer` (default): its texts are
   * pending. `individual`: it is cancelled, and what it has not served goes by calls; such a text may
   * be paid for twice. `fail`: its texts have failed.
   */
  readonly onDeadline?: OnDeadline | undefined;
  /** Is told of this execution's events alone, beside the listeners of the client. */
  readonly onEvent?: Listener | undefined;
  /** Texts of the set that need no sending; counted in its event. Default 0. */
  readonly cacheHits?: number | undefined;
  /** Is told when a job is refused and its texts go another way. */
  readonly logger?: Logger | undefined;
}

export interface EmbedContentOptions {
  /** Purpose of requests that name none of their own. Default `index`. */
  readonly purpose?: Purpose | undefined;
  readonly forceBatch?: boolean | undefined;
  readonly forceIndividual?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Longest time for the whole set, in milliseconds: what is in a job then is pending, what has no
   * answer is failed with TIMEOUT. Default `Infinity`.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * `failFast` (default): the first failure stops what has not been sent, and is thrown.
   * `collect`: every failure is a result.
   */
  readonly onError?: "failFast" | "collect" | undefined;
  /** Is told the decision. */
  readonly logger?: Logger | undefined;
}

/** The results of a set of requests, in their order, and what they took. */
export interface EmbeddedSet {
  readonly results: readonly EmbeddingResult[];
  readonly usage: Usage & { readonly durationMs: number };
}

/** The port between siterag and whoever makes vectors. */
export interface EmbeddingClient {
  /** Where its vectors live. */
  readonly space: EmbeddingSpace;
  /** What the planner must know of it. */
  readonly profile: ProviderProfile;
  /** Tells of its work while it goes on. Absent: it is silent. */
  readonly events?: EventSource;
  /**
   * Carries out a plan and decides nothing. A failed text is a result, not an exception; throws
   * only when the run cannot go on (and what `settle` throws).
   */
  execute(plan: Plan, execution: PlanExecution): Promise<Usage>;
  /**
   * Plans and carries out a set of texts; results keep number, order and tags of the requests.
   * Throws INVALID_REQUEST before anything is sent, USAGE when both forces are set, and, unless
   * failures are collected, the first failure.
   */
  embedContent(
    requests: readonly EmbeddingRequest[],
    options?: EmbedContentOptions,
  ): Promise<EmbeddedSet>;
  /**
   * Embeds one text, in one set with others that come at the same time; equal ones are sent once.
   * Whoever gives up does so alone. Throws INVALID_REQUEST, and USAGE when the client is closed.
   */
  embed(request: EmbeddingRequest, options?: Patience): Promise<EmbeddingResult>;
  /**
   * Says that a query is going to come, so that those before it wait for it; what it gives takes
   * that back, when the query has come or will not. Absent: nothing waits.
   */
  announce?(): () => void;
  /** Looks after the jobs of earlier runs. Absent: it has no jobs that outlive a run. */
  collect?(collection: JobCollection): Promise<CollectedJobs>;
  /** Throws when it cannot work at all: KEY_MISSING. Absent: it always can. */
  requireReady?(): void;
}
