import type { ProviderProfile } from "../planning/provider-profile.ts";
import type {
  EmbeddingRequest,
  EmbeddingResult,
  EmbeddingSpace,
  Logger,
  Plan,
  PlanItem,
  Purpose,
  Usage,
} from "../types.ts";

/** A text of the plan with what became of it. */
export interface SettledItem {
  readonly item: PlanItem;
  readonly result: EmbeddingResult;
}

/** What a client needs to carry out a plan. */
export interface PlanExecution {
  /** The embedding input of an item; asked for just before it is sent. */
  readonly textsOf: (items: readonly PlanItem[]) => Promise<readonly string[]>;
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
}

export interface EmbedContentOptions {
  /** Purpose of requests that name none of their own. Default `index`. */
  readonly purpose?: Purpose | undefined;
  readonly forceBatch?: boolean | undefined;
  readonly forceIndividual?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** As in `PlanExecution`. */
  readonly deadlineMs?: number | undefined;
  /** Is told the decision. */
  readonly logger?: Logger | undefined;
}

/** The port between siterag and whoever makes vectors. */
export interface EmbeddingClient {
  /** Where its vectors live. */
  readonly space: EmbeddingSpace;
  /** What the planner must know of it. */
  readonly profile: ProviderProfile;
  /**
   * Carries out a plan and decides nothing. A failed text is a result, not an exception; throws
   * only when the run cannot go on (and what `settle` throws).
   */
  execute(plan: Plan, execution: PlanExecution): Promise<Usage>;
  /**
   * Plans and carries out a set of texts; results keep number, order and tags of the requests.
   * Throws INVALID_REQUEST before anything is sent, and USAGE when both forces are set.
   */
  embedContent(
    requests: readonly EmbeddingRequest[],
    options?: EmbedContentOptions,
  ): Promise<readonly EmbeddingResult[]>;
}
