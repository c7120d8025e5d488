import { chooseStrategy } from "../planning/choose-strategy.ts";
import type { BatchingOptions } from "../planning/choose-roads.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { count, dollars, grouped } from "../words/amounts.ts";
import type { PlanItem } from "../words/plans.ts";
import type { SpooledChange } from "./collect-changes.ts";

/** Says what it costs that another version of siterag made other embedding inputs; nothing if none did. */
export function otherVersionSentences(
  changed: readonly SpooledChange[],
  toSend: readonly PlanItem[],
  batching: BatchingOptions,
  profile: ProviderProfile,
): readonly string[] {
  const ofPages = changed.filter((change) => change.isOfOtherVersion);
  const fingerprints = new Set(ofPages.map((change) => change.fingerprint));
  const texts = toSend.filter((item) => fingerprints.has(item.fingerprint));
  if (texts.length === 0) return [];
  const { costUsd } = chooseStrategy(texts, batching, { profile }).estimate;
  const cost = costUsd === null ? "at a price that is not known" : `for about ${dollars(costUsd)}`;
  const have = texts.length === 1 ? "has" : "have";
  return [
    `${grouped(texts.length)} of ${count(toSend.length, "text")} to embed ${have} a new embedding input, because another version of siterag built the index: ${cost}. Old vectors stay in use until the new ones are there; \`budget\` limits what a run may cost.`,
  ];
}
