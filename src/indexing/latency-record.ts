import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { withLatencies, withObservation, type ObserveLatency } from "../planning/latencies.ts";
import type { ObservedLatencies } from "../words/latencies.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Meta } from "../store/meta.ts";
import type { Clock } from "../words/types.ts";

/** What one run knows of latencies, and learns. */
export interface LatencyRecord {
  /** The client's profile, with the times that were observed in earlier runs. */
  readonly profile: ProviderProfile;
  readonly observe: ObserveLatency;
  /** Writes down what was learned, if anything was. */
  readonly keep: (meta: Pick<Meta, "keepLatencies">) => Promise<void>;
}

/** Reads what the store knows. Unless the threshold is adaptive, nothing is asked, nor learned. */
export async function recordLatencies(
  meta: Pick<Meta, "latencies">,
  { space, profile }: Pick<EmbeddingClient, "space" | "profile">,
  { batchThreshold }: ResolvedConfig["batching"],
  clock: Clock,
): Promise<LatencyRecord> {
  if (batchThreshold !== "adaptive") {
    return { profile, observe: () => undefined, keep: async () => undefined };
  }
  const known = await meta.latencies(space);
  let now: ObservedLatencies = known;
  return {
    profile: withLatencies(profile, known, clock.now()),
    observe(road, seconds, { model } = space) {
      // Each model is as quick as it is.
      if (model !== space.model) return;
      now = { ...now, [road]: withObservation(now[road], seconds, clock.now()) };
    },
    async keep(into) {
      if (now !== known) await into.keepLatencies(space, now);
    },
  };
}
