import type { ObserveLatency } from "../planning/latencies.ts";
import type { OnDeadline, PlanItem } from "../words/plans.ts";
import type { Clock, EmbeddingSpace } from "../words/types.ts";
import type { EnqueuedTokenLimit } from "./enqueued-tokens.ts";
import { retryEvent, type Listener } from "./events.ts";
import type { JobLedger } from "./job-ledger.ts";
import type { JobService, RetryBounds } from "./provider.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Turns } from "./turns.ts";

/** What following a job to its end takes. */
export interface FollowContext<Output> {
  readonly service: JobService<never, Output>;
  readonly ledger: JobLedger;
  readonly clock: Clock;
  /** Shortest time between two looks, in milliseconds. */
  readonly pollMs: number;
  /** When waiting ends. Milliseconds since the epoch on the clock; may be `Infinity`. */
  readonly deadlineAt: number;
  readonly onDeadline: OnDeadline;
  /** The rows of one job at a time are in memory. */
  readonly reading: Turns;
  /** Nothing begins later, whatever `deadlineAt` is. Milliseconds since the epoch. Default never. */
  readonly lastAt?: number;
  readonly signal?: AbortSignal | undefined;
  /** Is told how long jobs take. */
  readonly observe?: ObserveLatency | undefined;
  /** Is told each new state of the job, and each retry of a request about it. */
  readonly tell?: Listener | undefined;
}

/** What creating a job and following it takes. */
export interface JobContext<Input, Output> extends Omit<FollowContext<Output>, "service"> {
  readonly service: JobService<Input, Output>;
  readonly random: () => number;
  readonly retries: RetryPolicy;
  readonly space: EmbeddingSpace;
  readonly enqueued: EnqueuedTokenLimit;
  /** Estimated tokens of the texts as they are sent. */
  readonly tokens: number;
  readonly inputsOf: (items: readonly PlanItem[]) => Promise<readonly Input[]>;
  /** Is told that this run created the job, with the estimated tokens of each text as sent. */
  readonly onCreated: (tokens: readonly number[]) => void;
}

/** Creating a job and reading its rows are retried for this long, even after the deadline. */
const PATIENCE_MS = 60_000;

/** For how long a request about a job is retried. */
export const patienceOf = ({
  clock,
  deadlineAt,
  lastAt = Number.POSITIVE_INFINITY,
  signal,
  tell,
}: Pick<
  FollowContext<unknown>,
  "clock" | "deadlineAt" | "lastAt" | "signal" | "tell"
>): RetryBounds => ({
  signal,
  onRetry: (retry) => tell?.(retryEvent(retry)),
  until: Math.min(lastAt, Math.max(deadlineAt, clock.now() + PATIENCE_MS)),
});
