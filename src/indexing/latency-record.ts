import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { withLatencies, withObservation, type ObserveLatency } from "../planning/latencies.ts";
import { NOT_OBSERVED, type ObservedLatencies } from "../words/latencies.ts";
import type { Meta } from "../store/meta.ts";
import type { Clock } from "../words/types.ts";

/** Reads what the store knows. Unless the threshold is adaptive, nothing is asked, nor learned. */
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
    // Each model is as quick as it is.
    if (!isAdaptive || model !== space.model) return;
    now = { ...now, [road]: withObservation(now[road], seconds, clock.now()) };
  };
  return {
    /** The client's profile, with the times that were observed in earlier runs. */
    profile: withLatencies(profile, known, clock.now()),
    observe,
    /** Writes down what was learned, if anything was. */
    async keep(into: Pick<Meta, "keepLatencies">): Promise<void> {
      if (now !== known) await into.keepLatencies(space, now);
    },
  };
}
