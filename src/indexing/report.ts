import type { PlanReport } from "../words/reports.ts";
import type { SiteChanges } from "./collect-changes.ts";

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
