import { SiteragError, type ErrorCode } from "../words/errors.ts";
import { costOf, rounded } from "../planning/prices.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { PoolUse } from "../words/metrics.ts";
import type { Estimate, Plan, Usage } from "../words/plans.ts";
import type { Retry } from "./retry.ts";

/** What a client reports while it works, by name. */
interface ClientEvents {
  /** A set of texts was planned; `reason` is the line for the log. */
  readonly strategy_chosen: Pick<
    Plan,
    "strategy" | "resolved" | "reason" | "estimate" | "alternatives"
  >;
  /** A set of texts was carried out, with these figures. */
  readonly batch_generated: Omit<Usage, "textsRepeated"> & {
    /** Texts of the set, cached ones included. */
    readonly total: number;
    /** Texts that wait for a job, or for another run. */
    readonly pending: number;
    /** Texts that were sent and have their answers. */
    readonly served: number;
    readonly durationMs: number;
    /** What the same texts would have taken as jobs alone; null where the provider has none. */
    readonly alwaysBatch: Pick<Estimate, "costUsd" | "seconds"> | null;
    /** Mean time from sending a call to its answer; null when no call was answered. */
    readonly averageLatencyMs: number | null;
    /** How the client's call slots were used meanwhile; null where it has none. */
    readonly pool: PoolUse | null;
  };
  /** The rows of an earlier run's job were read, and its cost is known only now. */
  readonly job_collected: { readonly name: string; readonly texts: number } & Charged;
  /** A call was answered after so many retries. */
  readonly success: {
    readonly texts: number;
    readonly latencyMs: number;
    readonly retries: number;
  };
  /** Texts of one call failed for one reason, after so many retries. */
  readonly failure: {
    readonly texts: number;
    readonly retries: number;
    /** Null: not a failure that siterag knows. */
    readonly code: ErrorCode | null;
    readonly message: string;
  };
  /** A call, or a request about a job, will be retried. */
  readonly retry: {
    /** Number of this retry of the call; the first is 1. */
    readonly attempt: number;
    /** Pause before it. */
    readonly delayMs: number;
    readonly code: ErrorCode;
  };
  /** A call or a batch job waits before it is sent. */
  readonly waiting: {
    /**
     * `rate_limit`: the requests or tokens of a minute are used up. `job_name`: another run may be
     * creating the job. `job_room`: the account takes no further job until one has ended.
     */
    readonly what: "rate_limit" | "job_name" | "job_room";
    /**
     * When it goes on, in milliseconds since the epoch; for `job_room` at the latest. Null: nobody
     * knows. It is emitted when the wait begins, or after two seconds if nobody knows how long it takes.
     */
    readonly untilMs: number | null;
  };
  /** A call was refused because too many calls were waiting for a slot. */
  readonly pool_exhausted: { readonly texts: number; readonly queueLength: number };
  /** A batch job has a new state; `UNSEEN` as long as no look at it was answered. */
  readonly job_state: {
    readonly name: string;
    readonly state: string;
    /** Until when the run waits for the job, in milliseconds since the epoch; null: without a limit. */
    readonly untilMs: number | null;
  };
  /** Texts that were gathered were sent as one set. */
  readonly flush: { readonly cause: FlushCause; readonly texts: number };
  /** A model on this machine reads only the first tokens of these texts. */
  readonly texts_cut: {
    readonly model: string;
    readonly contextTokens: number;
    readonly texts: readonly { readonly name: string; readonly tokens: number }[];
  };
  /** Queries are answered without the API, because enough different ones were learned. */
  readonly cutoff: { readonly learned: number; readonly queries: number };
  /** A run has reached its budget; so many texts stay pending. */
  readonly budget: {
    readonly limit: "maxRequests" | "maxTokens" | "maxCostUsd";
    readonly most: number;
    readonly textsLeft: number;
  };
}

/** The part of `Usage` that the service charges. */
export type Charged = Pick<Usage, "tokens" | "inputTokens" | "outputTokens" | "costUsd">;

/** `tick`: a query was alone. `flush` and `close`: the caller asked for it. */
export type FlushCause = "window" | "size" | "tick" | "flush" | "close";

type ClientEventName = keyof ClientEvents;

/** An event as listeners get it: its fields, and its name as `type`. */
export type ClientEvent = {
  readonly [Name in ClientEventName]: { readonly type: Name } & ClientEvents[Name];
}[ClientEventName];

/** The event of texts that were given up. */
export const failureEvent = (error: Error, texts: number, retries: number): ClientEvent => ({
  type: "failure",
  texts,
  retries,
  code: error instanceof SiteragError ? error.code : null,
  message: error.message,
});

/** The event of a retry that is about to begin. */
export const retryEvent = ({ attempt, delayMs, failure }: Retry): ClientEvent => ({
  type: "retry",
  attempt,
  delayMs,
  code: failure.error.code,
});

/** The event of a set that was carried out. */
export function carriedOut(
  { alternatives, estimate }: Plan,
  { textsRepeated, ...usage }: Usage,
  run: Pick<
    ClientEvents["batch_generated"],
    "durationMs" | "averageLatencyMs" | "pending" | "served" | "pool"
  >,
  { batch }: ProviderProfile,
): ClientEvent {
  const { texts, inputTokens, outputTokens, cacheHits } = usage;
  // Jobs would not have repeated any text.
  const once = texts === 0 ? 0 : texts / (texts + textsRepeated);
  const costAsJobs = costOf({ input: inputTokens * once, output: outputTokens * once }, batch);
  return {
    type: "batch_generated",
    ...usage,
    ...run,
    total: estimate.texts + cacheHits,
    alwaysBatch: alternatives.batch && {
      costUsd: costAsJobs === null ? null : rounded(costAsJobs),
      seconds: alternatives.batch.seconds,
    },
  };
}

/** The event of a job whose rows were read. */
export const collectedEvent = (name: string, texts: number, usage: Usage): ClientEvent => {
  const { tokens, inputTokens, outputTokens, costUsd } = usage;
  return { type: "job_collected", name, texts, tokens, inputTokens, outputTokens, costUsd };
};

/** The event of a job that waits until another one has ended. */
export const jobRoomEvent = (deadlineAt: number): ClientEvent => ({
  type: "waiting",
  what: "job_room",
  untilMs: endOrNull(deadlineAt),
});

/** An end that may be `Infinity`, as events have it. */
export const endOrNull = (endsAt: number): number | null =>
  Number.isFinite(endsAt) ? endsAt : null;

/** What a plan decides, without its texts. */
export const decisionOf = (plan: Plan): ClientEvents["strategy_chosen"] => {
  const { strategy, resolved, reason, estimate, alternatives } = plan;
  return { strategy, resolved, reason, estimate, alternatives };
};

/** Is told of events. */
export type Listener = (event: ClientEvent) => void;

const warnOf = ({ type }: ClientEvent, cause: unknown): void =>
  process.emitWarning(`A listener of ${type} failed: ${String(cause)}`);

/** Reports events to listeners, in the order in which they were added. */
export class EventSource {
  readonly #listeners = new Set<Listener>();

  /** Adds a listener; the returned function removes it. */
  listen(listener: Listener): () => void {
    const own: Listener = (event) => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** A listener that throws or rejects stops neither the work nor the other listeners. */
  readonly emit: Listener = (event) => {
    for (const listener of this.#listeners) {
      try {
        const outcome: unknown = listener(event);
        if (outcome instanceof Promise) outcome.catch((cause: unknown) => warnOf(event, cause));
      } catch (cause) {
        warnOf(event, cause);
      }
    }
  };
}
