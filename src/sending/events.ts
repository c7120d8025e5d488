import { SiteragError, type ErrorCode } from "../words/errors.ts";
import { costOf, rounded } from "../planning/prices.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { PoolUse } from "../words/metrics.ts";
import type { Estimate, Plan, Usage } from "../words/plans.ts";

/** What a client tells of its work while it goes on, each under its name. */
interface ClientEvents {
  /** A set of texts was planned; the reason is the line of the log. */
  readonly strategy_chosen: Pick<
    Plan,
    "strategy" | "resolved" | "reason" | "estimate" | "alternatives"
  >;
  /** A set of texts was carried out. */
  readonly batch_generated: {
    /** Texts of the set, those from the cache included. */
    readonly total: number;
    readonly cacheHits: number;
    /** Texts that wait for a job, or for another run. */
    readonly pending: number;
    /** Texts that were sent and have their vectors. */
    readonly served: number;
    /** Calls sent, repetitions included. */
    readonly calls: number;
    readonly jobs: number;
    readonly retries: number;
    /** Texts sent in calls and jobs. */
    readonly texts: number;
    /** Tokens read and written; those of a job of prompts are known when it is collected. */
    readonly tokens: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    /** Null: a price is not known. */
    readonly costUsd: number | null;
    readonly durationMs: number;
    /** What the same texts would have taken as jobs alone; null where the provider has none. */
    readonly alwaysBatch: Pick<Estimate, "costUsd" | "seconds"> | null;
    /** Of its answered calls, from sending one to its answer; null when none was answered. */
    readonly averageLatencyMs: number | null;
    /** How the client's call slots were used meanwhile; null where it has none. */
    readonly pool: PoolUse | null;
  };
  /** A job of an earlier run was read, which tells only then what it costs. */
  readonly job_collected: {
    readonly name: string;
    readonly texts: number;
  } & Pick<Usage, "tokens" | "inputTokens" | "outputTokens" | "costUsd">;
  /** A call was answered, after so many repetitions. */
  readonly success: {
    /** Size of the call. */
    readonly texts: number;
    readonly latencyMs: number;
    readonly retries: number;
  };
  /** Texts of one call failed for one reason, after so many repetitions. */
  readonly failure: {
    readonly texts: number;
    readonly retries: number;
    /** Null: no failure that siterag knows. */
    readonly code: ErrorCode | null;
    readonly message: string;
  };
  /** A call is going to be repeated. */
  readonly retry: {
    /** The repetitions of this call so far, this one included. */
    readonly attempt: number;
    /** Pause before it. */
    readonly delayMs: number;
    readonly code: ErrorCode;
  };
  /** A call was refused, because too many were waiting for a call slot already. */
  readonly pool_exhausted: { readonly texts: number; readonly queueLength: number };
  /** A batch job was seen in another state than before. */
  readonly job_state: { readonly name: string; readonly state: string };
  /** Texts that had come together were sent as one set. */
  readonly flush: {
    readonly cause: FlushCause;
    readonly texts: number;
  };
  /** Queries are answered without the API, because enough different ones have been learned. */
  readonly cutoff: { readonly learned: number; readonly queries: number };
  /** A run has reached its budget; so many texts stay pending. */
  readonly budget: {
    readonly limit: "maxRequests" | "maxTokens" | "maxCostUsd";
    readonly most: number;
    readonly textsLeft: number;
  };
}

/** `tick`: a query was alone. `flush` and `close`: somebody said so. */
export type FlushCause = "window" | "size" | "tick" | "flush" | "close";

type ClientEventName = keyof ClientEvents;

/** An event as a listener to all of them gets it: its fields, and its name as `type`. */
export type ClientEvent = {
  readonly [Name in ClientEventName]: { readonly type: Name } & ClientEvents[Name];
}[ClientEventName];

/** The event of a call that was given up. */
export const failureEvent = (error: Error, texts: number, retries: number): ClientEvent => ({
  type: "failure",
  texts,
  retries,
  code: error instanceof SiteragError ? error.code : null,
  message: error.message,
});

/** The event of a set that was carried out. */
export function carriedOut(
  { alternatives, estimate }: Plan,
  usage: Usage,
  run: Pick<
    ClientEvents["batch_generated"],
    "durationMs" | "averageLatencyMs" | "pending" | "served" | "pool"
  >,
  { batch }: ProviderProfile,
): ClientEvent {
  const { textsRepeated, ...counts } = usage;
  const { texts, inputTokens, outputTokens, cacheHits } = counts;
  // Jobs would not have repeated any.
  const once = texts === 0 ? 0 : texts / (texts + textsRepeated);
  const costAsJobs = costOf({ input: inputTokens * once, output: outputTokens * once }, batch);
  return {
    type: "batch_generated",
    ...counts,
    ...run,
    total: estimate.texts + cacheHits,
    alwaysBatch: alternatives.batch && {
      costUsd: costAsJobs === null ? null : rounded(costAsJobs),
      seconds: alternatives.batch.seconds,
    },
  };
}

/** The event of a job that was read. */
export const collectedEvent = (name: string, texts: number, usage: Usage): ClientEvent => {
  const { tokens, inputTokens, outputTokens, costUsd } = usage;
  return { type: "job_collected", name, texts, tokens, inputTokens, outputTokens, costUsd };
};

/** What a plan decides, without its texts. */
export const decisionOf = (plan: Plan): ClientEvents["strategy_chosen"] => {
  const { strategy, resolved, reason, estimate, alternatives } = plan;
  return { strategy, resolved, reason, estimate, alternatives };
};

/** Is told of events. */
export type Listener = (event: ClientEvent) => void;

const warnOf = ({ type }: ClientEvent, cause: unknown): void =>
  process.emitWarning(`A listener of ${type} failed: ${String(cause)}`);

/** Tells listeners, in the order in which they came, of what happens. */
export class EventSource {
  readonly #listeners = new Set<Listener>();

  /** Is called with every event until the function that it gives is called. */
  listen(listener: Listener): () => void {
    const own: Listener = (event) => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** A listener that throws, now or later, neither stops the work nor keeps others from hearing. */
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
