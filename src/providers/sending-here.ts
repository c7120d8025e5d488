import { defaults } from "../config/keys.ts";

/** How providers on this machine send: without retries, because a fault repeats every time. */
export const sendingHere = () =>
  ({
    maxQueued: Number.POSITIVE_INFINITY,
    retries: { ...defaults().calls, maxRetries: 0 },
    random: () => 0.5,
    isPoolTold: false,
  }) as const;
