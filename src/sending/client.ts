import type { SiteragError } from "../words/errors.ts";
import type { ObserveLatency } from "../planning/latencies.ts";
import type { PlanContext } from "../planning/choose-roads.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { JobRecord, OnDeadline, Plan, PlanItem, SettledItem, Usage } from "../words/plans.ts";
import type { EmbeddingSpace, Logger } from "../words/types.ts";
import type { RequestsOfDay } from "./day-quota.ts";
import type { EventSource, Listener } from "./events.ts";
import type { JobLedger } from "./job-ledger.ts";
import type { Spending } from "./spending.ts";

/** Which jobs of earlier runs are looked at, and for how long. */
export interface CollectionBounds {
  readonly ledger: JobLedger;
  /** Longest wait for jobs that have not ended, in milliseconds; 0: each is looked at once. */
  readonly deadlineMs: number;
  /** Whether a job that has not ended by then continues (default) or is cancelled. */
  readonly onDeadline?: ((record: JobRecord) => Exclude<OnDeadline, "fail">) | undefined;
  /** Is told of this collection's events alone, beside the listeners of the client. */
  readonly onEvent?: Listener | undefined;
  /** Is told how long jobs took. */
  readonly observe?: ObserveLatency | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What collecting the jobs of earlier runs takes. */
export interface JobCollection<Output> extends CollectionBounds {
  /**
   * Takes the answers of a job that has ended; awaited before the job counts as collected. Failed rows
   * are left out, so that their texts are planned anew.
   */
  readonly settle: (settled: readonly SettledItem<Output>[], record: JobRecord) => Promise<void>;
}

/** A job that has not ended, or that could not be read. */
export interface JobOut {
  readonly record: JobRecord;
  /** Sentences. */
  readonly reason: string;
  /** What keeps it from being read. */
  readonly error?: SiteragError;
}

/** The jobs of earlier runs. */
export interface CollectedJobs {
  /** Names of jobs that have ended and whose answers are safe. */
  readonly collected: readonly string[];
  readonly out: readonly JobOut[];
  /** One sentence for each job that ended without answers: its texts are planned anew. */
  readonly lost: readonly string[];
}

/** What bounds the sending of a set of texts. */
interface SendingBounds {
  /** Aborted: nothing more is sent; calls in progress are still settled, and jobs stay pending. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for jobs, in milliseconds from the start; 0: do not wait. Default `Infinity`. */
  readonly deadlineMs?: number | undefined;
  /**
   * What to do with a job that has not ended by then. `defer` (default): its texts are pending.
   * `individual`: cancel it and send what it has not served by calls, which may cost twice. `fail`: its
   * texts have failed.
   */
  readonly onDeadline?: OnDeadline | undefined;
  /** Keeps the jobs; without it they are forgotten when the sending ends. */
  readonly ledger?: JobLedger | undefined;
  /** Is told decisions, and when texts go by another route because of their job. */
  readonly logger?: Partial<Logger> | undefined;
}

/** What carrying out a plan takes. */
export interface Execution<Input, Output> extends SendingBounds {
  /** Gives the inputs of items, in their order; called just before they are sent. */
  readonly inputsOf: (items: readonly PlanItem[]) => Promise<readonly Input[]>;
  /**
   * Takes results as soon as they are known. Awaited before the call slot is free again, so that no more
   * answers are uncommitted than calls may be in progress. Calls are settled before jobs.
   */
  readonly settle: (settled: readonly SettledItem<Output>[]) => Promise<void>;
  /** Longest time for calls; a text without an answer by then fails with TIMEOUT. Default `Infinity`. */
  readonly callsDeadlineMs?: number | undefined;
  /** Keeps the requests of the day; without it they count for the life of the client. */
  readonly requestsOfDay?: RequestsOfDay | undefined;
  /** What the run may still send; without it there is no limit. */
  readonly spending?: Spending | undefined;
  /** Is told how long calls and jobs take. */
  readonly observe?: ObserveLatency | undefined;
  /** Is told of this execution's events, beside the listeners of the client. */
  readonly onEvent?: Listener | undefined;
  /** Texts of the set that need no sending, for its event. Default 0. */
  readonly cacheHits?: number | undefined;
}

/** Sends texts of one kind and settles their outcomes: the port that use cases know. */
export interface Sender<Input, Output> {
  /** What its answers depend on; its jobs are in the ledger under this space. */
  readonly space: EmbeddingSpace;
  readonly profile: ProviderProfile;
  /** Reports its work as it happens. Absent: it is silent. */
  readonly events?: EventSource;
  /** Carries out a plan. A failed text is a result; throws when the run cannot go on. */
  execute(plan: Plan, execution: Execution<Input, Output>): Promise<Usage>;
  /** Collects the jobs of earlier runs. Absent: no job outlives a run. */
  collect?(collection: JobCollection<Output>): Promise<CollectedJobs>;
  /** Throws KEY_MISSING or CONFIG_INVALID when it cannot work. Absent: it always can. */
  requireReady?(): void;
}

/** How a set of requests is planned and sent. */
export interface SetOptions
  extends SendingBounds, Pick<PlanContext, "purpose" | "forceBatch" | "forceIndividual"> {
  /** `failFast`: the first failure stops the sending and is thrown. `collect`: failures are results. */
  readonly onError?: "failFast" | "collect" | undefined;
}
