import type { Chunk, Fingerprint, IndexReport, Plan, PlanReport, Usage } from "../types.ts";
import type { SiteChanges, SpooledChange } from "./collect-changes.ts";

interface Outcome {
  readonly changes: SiteChanges;
  readonly plan: Plan;
  readonly usage: Usage;
  readonly pending: number;
  readonly failed: ReadonlyMap<Fingerprint, Error>;
}

/** What is left to say of a run, but for duration and messages. */
export function summarise(
  outcome: Outcome,
): Omit<IndexReport, "durationMs" | "warnings" | "failures"> {
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
    usage,
  };
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

/** One sentence for a chunk without an answer, naming page and heading. */
export function failureSentence(change: SpooledChange, chunk: Chunk, error: Error): string {
  const heading = chunk.headings.at(-1);
  const where = heading === undefined ? change.page : `${change.page}, under “${heading}”`;
  return `${where}: ${error.message}`;
}
