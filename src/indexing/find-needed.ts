import type { StoreView } from "../store/open-store.ts";
import type { PlanItem } from "../words/plans.ts";
import type { Fingerprint } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";

/** The texts that need a vector. */
export interface Needed {
  /** One item per fingerprint, so that equal texts are sent once. */
  readonly items: readonly PlanItem[];
  /** Texts in jobs from earlier runs, which are not sent again. */
  readonly inJobs: readonly PlanItem[];
  /** Changed chunks whose new vectors are in the cache. */
  readonly cacheHits: number;
}

/** Finds the texts without a vector; `out`: those in jobs from earlier runs. */
export async function findNeeded(
  changed: readonly SpooledChange[],
  cache: StoreView["cache"],
  out: Pick<ReadonlySet<Fingerprint>, "has">,
): Promise<Needed> {
  const wanting = changed.filter((change) => change.oldVectorFingerprint !== change.fingerprint);
  const present = await cache.present(new Set(wanting.map((change) => change.fingerprint)));
  const missing = wanting.filter((change) => !present.has(change.fingerprint));
  const items = new Map<Fingerprint, PlanItem>();
  for (const { fingerprint, tokens, bytes, page } of missing) {
    items.set(fingerprint, { fingerprint, tokens, bytes, page });
  }
  const { inJobs = [], toSend = [] } = Object.groupBy(items.values(), ({ fingerprint }) =>
    out.has(fingerprint) ? "inJobs" : "toSend",
  );
  return { items: toSend, inJobs, cacheHits: wanting.length - missing.length };
}
