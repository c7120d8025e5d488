import type { IndexReport, PlanReport } from "../words/reports.ts";
import type { Usage } from "../words/plans.ts";
import type { SiteChanges } from "./collect-changes.ts";

/** The part of the usage that a report shows. */
export const reportedUsage = ({
  calls,
  jobs,
  texts,
  textsRepeated,
  retries,
  tokens,
  costUsd,
  cacheHits,
}: Usage): IndexReport["usage"] => ({
  calls,
  jobs,
  texts,
  textsRepeated,
  retries,
  tokens,
  costUsd,
  cacheHits,
});

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
