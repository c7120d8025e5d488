import type { ObservedLatencies, ObservedLatency } from "../words/latencies.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import type { PaidRoad } from "./budget.ts";
import type { ProviderProfile } from "./provider-profile.ts";

/**
 * Is told how long a call or a job took that went well, or for how long a job was waited for in vain;
 * `space` where it may be another one than the run's.
 */
export type ObserveLatency = (road: PaidRoad, seconds: number, space?: EmbeddingSpace) => void;

/** Share of the newest observation: the mean of the first ten, then one that follows changes. */
const LEAST_WEIGHT = 0.1;

/**
 * What is older says nothing of today: jobs that were slow once, and have not been sent since for
 * that very reason, get another chance.
 */
const LONGEST_LIFE_MS = 30 * 86_400_000;

const isStale = ({ at }: ObservedLatency, now: number): boolean => now - at > LONGEST_LIFE_MS;

/** The average with one more observation; a stale one does not count. */
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

/** A profile with what was observed in the place of what is typical. */
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
