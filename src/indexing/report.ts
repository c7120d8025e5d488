import type { IndexReport, PlanReport } from "../words/reports.ts";
import type { Usage } from "../words/plans.ts";
import type { Fingerprint } from "../words/types.ts";
import type { SiteChanges } from "./collect-changes.ts";

interface Outcome {
  readonly changes: SiteChanges;
  readonly plan: IndexReport["plan"];
  readonly usage: Usage;
  readonly failed: ReadonlyMap<Fingerprint, Error>;
}

/**
 * A run's report without metrics, duration and messages, once the number of rows without their own vector is known.
 * Counts now: publishing empties the list of changes.
 */
export function summarise({ changes, plan, usage, failed }: Outcome) {
  const { calls, jobs, texts, textsRepeated, retries, tokens, costUsd, cacheHits } = usage;
  const failures = changes.changed.filter((change) => failed.has(change.fingerprint)).length;
  const { pages } = changes;
  const counts = countChanges(changes);
  return (pending: number) =>
    ({
      pages,
      chunks: { ...counts, pending, failed: failures },
      plan,
      usage: { calls, jobs, texts, textsRepeated, retries, tokens, costUsd, cacheHits },
    }) satisfies Partial<IndexReport>;
}

/** Counts how the site's chunks differ from the index. */
export function countChanges(changes: SiteChanges): PlanReport["chunks"] {
  const { changed, unchanged, before, vanished } = changes;
  const reused = unchanged + changed.filter((change) => change.sameInput).length;
  const fresh = changed.filter((change) => !change.sameInput);
  const moved = fresh.filter((change) => before.has(change.fingerprint)).length;
  return {
    total: unchanged + changed.length,
    added: fresh.length - moved,
    reused,
    moved,
    deleted: vanished.length,
  };
}
