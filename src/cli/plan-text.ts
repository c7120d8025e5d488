import { count, dollars, duration, grouped } from "../words/amounts.ts";
import type { Estimate, Road } from "../words/plans.ts";
import type { PlanReport } from "../words/reports.ts";

const PARTS = ["added", "reused", "moved", "deleted"] as const;
const ROADS = ["individual", "hybrid", "batch"] as const satisfies readonly Road[];

/** What `siterag index --dry-run` prints. */
export function planText(report: PlanReport): readonly string[] {
  const { chunks, plan, cacheHits, enrichment, jobsOut } = report;
  const shares = PARTS.map((part) => `${grouped(chunks[part])} ${part}`).join(", ");
  const roads = ROADS.map((road) => [road, roadLine(plan.alternatives[road])] as const);
  const others = roads.filter(([road]) => road !== plan.resolved);
  const chosen = [`${plan.resolved} (chosen)`, roadLine(plan.estimate)] as const;
  return [
    `Dry run: ${count(report.pages, "page")}, ${count(chunks.total, "chunk")} (${shares}); ${count(cacheHits, "vector")} from the cache.`,
    ...(enrichment === null ? [] : [`First: ${enrichment.reason}.`]),
    `Plan: ${plan.reason}.`,
    "",
    ...(plan.resolved === "none" ? [] : [...table([chosen, ...others]), ""]),
    ...totalOf(report),
    `Unfinished batch jobs: ${jobsOut.length === 0 ? "none" : jobsOut.join(", ")}.`,
    "Nothing was sent and nothing was written.",
  ];
}

/** The estimated cost of sentences and vectors together; nothing if a price is unknown. */
function totalOf({ enrichment, plan: { estimate } }: PlanReport): readonly string[] {
  if (enrichment === null || enrichment.costUsd === null || estimate.costUsd === null) return [];
  return [`Total with sentences of context: ${dollars(enrichment.costUsd + estimate.costUsd)}.`];
}

function roadLine(estimate: Estimate | null): string {
  if (estimate === null) return "not offered by this provider";
  const { calls, jobs, texts, tokens, costUsd, seconds } = estimate;
  const sent = `${count(calls, "call")}, ${count(jobs, "job")}, ${count(texts, "text")}`;
  return `${sent}, ${count(tokens, "token")}, ${dollars(costUsd)}, ${duration(seconds)}`;
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, line]) => `  ${name.padEnd(width)}  ${line}`);
}
