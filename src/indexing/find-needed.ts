import type { StoreView } from "../store/open-store.ts";
import type { PlanItem } from "../words/plans.ts";
import type { Fingerprint } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";

/** What has to be embedded, and what the cache has already. */
export interface Needed {
  /** One item a fingerprint: equal texts are sent once. */
  readonly items: readonly PlanItem[];
  /** Texts that are in a job of an earlier run: they are not sent again. */
  readonly inJobs: readonly PlanItem[];
  /** Changed chunks whose new vector is in the cache. */
  readonly cacheHits: number;
}

/** Finds the texts that no vector stands for yet; `out` are those in jobs of earlier runs. */
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
