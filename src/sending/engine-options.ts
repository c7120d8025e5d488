import type { JobRecord } from "../words/plans.ts";
import type { Clock } from "../words/types.ts";
import type { Calls } from "./calls.ts";
import type { Sender } from "./client.ts";
import type { EventSource } from "./events.ts";
import type { Provider } from "./provider.ts";
import type { RetryPolicy } from "./retry.ts";

/** What an engine is made of. */
export interface EngineOptions<Input, Output> {
  readonly provider: Provider<Input, Output>;
  readonly client: Pick<Sender<Input, Output>, "space" | "profile"> & {
    readonly events: EventSource;
  };
  readonly contents: "text" | "prompt";
  /** Calls in progress at the same time, over all runs. */
  readonly maxParallel: number;
  /** Calls that may wait for a slot, over all runs. */
  readonly maxQueued: number;
  /** Texts in one call, at most. */
  readonly textsPerCall: number;
  /** How often calls and the creation of jobs are retried. */
  readonly retries: RetryPolicy;
  /** Shortest time between two looks at a job, in milliseconds. */
  readonly pollMs: number;
  readonly clock: Clock;
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  /** Whether the event of a set says how the call slots were used. Default true. */
  readonly isPoolTold?: boolean;
  /** Checks the answers of a job of another space. Default: the provider's own check. */
  readonly checkOf?: (record: JobRecord) => Provider<never, Output>["check"];
}

/** The same, with the calls that all runs of a client share. */
export interface EngineParts<Input, Output> extends EngineOptions<Input, Output> {
  readonly calls: Calls<Input, Output>;
}
