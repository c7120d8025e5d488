import type { EmbeddingClient } from "../../embedding/client.ts";
import { NO_USAGE } from "../../sending/usage-tally.ts";
import { SiteragError } from "../../words/errors.ts";
import { MOCK_LATENCY, mockProfile } from "../mock/mock-profile.ts";

/** Embeds nothing: an index of its space has no vectors. `embed` and `embedContent` throw USAGE. */
export const noneClient: EmbeddingClient = {
  space: { provider: "none", model: "none", dimensions: 0, taskForm: "none" },
  // No price and no limit.
  profile: mockProfile(MOCK_LATENCY),
  execute: async () => NO_USAGE,
  embed: async () => refuse(),
  embedContent: async () => refuse(),
};

function refuse(): never {
  throw new SiteragError("USAGE", 'embedding.provider is "none", which makes no vectors.');
}
