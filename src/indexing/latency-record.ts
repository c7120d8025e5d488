import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { withLatencies, withObservation, type ObserveLatency } from "../planning/latencies.ts";
import { NOT_OBSERVED, type ObservedLatencies } from "../words/latencies.ts";
import type { Meta } from "../store/meta.ts";
import type { Clock } from "../words/types.ts";

/** Reads and records observed times, but only if the threshold is adaptive. */
export async function recordLatencies(
  meta: Pick<Meta, "latencies">,
  { space, profile }: Pick<EmbeddingClient, "space" | "profile">,
  { batchThreshold }: ResolvedConfig["batching"],
  clock: Clock,
) {
  const isAdaptive = batchThreshold === "adaptive";
  const known = isAdaptive ? await meta.latencies(space) : NOT_OBSERVED;
  let now: ObservedLatencies = known;
  const observe: ObserveLatency = (road, seconds, { model } = space) => {
    // Another model's times say nothing about this one's.
    if (!isAdaptive || model !== space.model) return;
    now = { ...now, [road]: withObservation(now[road], seconds, clock.now()) };
  };
  return {
    /** The client's profile with observed times. */
    profile: withLatencies(profile, known, clock.now()),
    observe,
    /** Stores the new observations, if any. */
    async keep(into: Pick<Meta, "keepLatencies">): Promise<void> {
      if (now !== known) await into.keepLatencies(space, now);
    },
  };
}
