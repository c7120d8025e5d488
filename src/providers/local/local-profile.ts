import type { ProviderProfile } from "../../planning/provider-profile.ts";

/** Texts of a call: enough that sorting by length pays, and few enough to be committed soon. */
const TEXTS_PER_CALL = 100;

/** Typical for a small model and a call full of passages, until the store has seen some calls. */
const SECONDS_PER_CALL = 3;

const NONE = Number.POSITIVE_INFINITY;

/** A model on this machine as the planner sees it: no price, no quota, no jobs, one call at a time. */
export const localProfile: ProviderProfile = {
  // Longer texts are cut, with a warning: only the model can count their tokens.
  textTokens: NONE,
  individual: {
    usdPerMillionTokens: 0,
    limits: {
      texts: TEXTS_PER_CALL,
      tokens: NONE,
      bytes: NONE,
      bytesAroundText: 0,
      tokensAroundText: 0,
    },
    requestsPerMinute: NONE,
    tokensPerMinute: NONE,
    requestsPerDay: NONE,
    secondsPerCall: SECONDS_PER_CALL,
  },
  isOnThisMachine: true,
  batch: null,
};
