import type { ObservedLatencies, ObservedLatency } from "../words/latencies.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import type { PaidRoad } from "./budget.ts";
import type { ProviderProfile } from "./provider-profile.ts";

/**
 * Receives how long a successful call or job took, or how long the run waited for an unfinished job.
 * Default for `space`: the run's.
 */
export type ObserveLatency = (road: PaidRoad, seconds: number, space?: EmbeddingSpace) => void;

/** Weight of the newest observation from the tenth on; until then all weigh the same. */
const LEAST_WEIGHT = 0.1;

/** Older observations are ignored, so that jobs that were slow, and therefore unused, are tried again. */
const LONGEST_LIFE_MS = 30 * 86_400_000;

const isStale = ({ at }: ObservedLatency, now: number): boolean => now - at > LONGEST_LIFE_MS;

/** Adds an observation to the average. A stale average is dropped. */
export function withObservation(
  known: ObservedLatency | null,
  seconds: number,
  at: number,
): ObservedLatency {
  if (known === null || isStale(known, at)) return { seconds, count: 1, at };
  const count = known.count + 1;
  const weight = Math.max(1 / count, LEAST_WEIGHT);
  return { seconds: known.seconds + (seconds - known.seconds) * weight, count, at };
}

/** Replaces the profile's typical times with observed ones. */
export function withLatencies(
  profile: ProviderProfile,
  { individual, batch }: ObservedLatencies,
  now: number,
): ProviderProfile {
  const secondsOf = (observed: ObservedLatency | null, typical: number): number =>
    observed === null || isStale(observed, now) ? typical : observed.seconds;
  const { secondsPerCall } = profile.individual;
  return {
    ...profile,
    individual: { ...profile.individual, secondsPerCall: secondsOf(individual, secondsPerCall) },
    batch:
      profile.batch === null
        ? null
        : { ...profile.batch, secondsPerJob: secondsOf(batch, profile.batch.secondsPerJob) },
  };
}
