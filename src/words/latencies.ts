/** How long one road has taken, on average. */
export interface ObservedLatency {
  /** Of a call: from sending it to its answer. Of a job: from its creation to its end. */
  readonly seconds: number;
  readonly count: number;
  /** The latest observation, in milliseconds since the epoch. */
  readonly at: number;
}

/** What a store knows of both roads; null: nothing yet. */
export type ObservedLatencies = Readonly<Record<"individual" | "batch", ObservedLatency | null>>;

export const NOT_OBSERVED: ObservedLatencies = { individual: null, batch: null };
