import type { Fingerprint, Plan, Usage } from "../words/types.ts";
import type { SiteChanges } from "./collect-changes.ts";
import type { IndexReport, PlanReport } from "../words/reports.ts";

interface Outcome {
  readonly changes: SiteChanges;
  readonly plan: Plan;
  readonly usage: Usage;
  readonly pending: number;
  readonly failed: ReadonlyMap<Fingerprint, Error>;
}

/** A report but for metrics, duration and messages. */
export type Summary = Omit<
  IndexReport,
  "enrichment" | "metrics" | "durationMs" | "warnings" | "failures"
>;

/** What is left to say of a run. */
export function summarise(outcome: Outcome): Summary {
  const { changes, plan, usage, pending, failed } = outcome;
  const { strategy, resolved, reason, estimate } = plan;
  return {
    pages: changes.pages,
    chunks: {
      ...countChanges(changes),
      pending,
      failed: changes.changed.filter((change) => failed.has(change.fingerprint)).length,
    },
    plan: { strategy, resolved, reason, estimate },
    usage: shown(usage),
  };
}

/** What reports show of a usage of texts to embed. */
function shown(usage: Usage): IndexReport["usage"] {
  const { calls, jobs, texts, textsRepeated, retries, tokens, costUsd, cacheHits } = usage;
  return { calls, jobs, texts, textsRepeated, retries, tokens, costUsd, cacheHits };
}

/** The chunks of the site beside those of the index. */
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
