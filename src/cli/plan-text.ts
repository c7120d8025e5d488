import { count, dollars, duration } from "../words/amounts.ts";
import type { Estimate, Road } from "../words/types.ts";
import type { Outcome } from "./command.ts";
import type { PlanReport } from "../words/reports.ts";

/** What `siterag index --dry-run` prints. */
export function planOutcome(report: PlanReport): Outcome {
  const { failures, warnings, ...rest } = report;
  return {
    json: { ...rest, warnings: [...warnings, ...failures] },
    text: asText(report),
    exitCode: failures.length === 0 ? 0 : 1,
  };
}

const PARTS = ["added", "reused", "moved", "deleted"] as const;
const ROADS = ["individual", "hybrid", "batch"] as const satisfies readonly Road[];

function asText(report: PlanReport): readonly string[] {
  const { chunks, plan, cacheHits, jobsOut } = report;
  const shares = PARTS.map((part) => `${chunks[part].toLocaleString("en")} ${part}`).join(", ");
  const roads = ROADS.map((road) => [road, roadLine(plan.alternatives[road])] as const);
  const others = roads.filter(([road]) => road !== plan.resolved);
  const isNothing = plan.resolved === "none";
  return [
    `Dry run: ${count(report.pages, "page")}, ${count(chunks.total, "chunk")} (${shares}); ${count(cacheHits, "vector")} from the cache.`,
    ...(report.enrichment === null ? [] : [`First: ${report.enrichment.reason}.`]),
    sentence(plan.reason),
    "",
    ...(isNothing
      ? []
      : table([[`${plan.resolved} (chosen)`, roadLine(plan.estimate)], ...others])),
    ...(isNothing ? [] : [""]),
    ...totalOf(report),
    `Unfinished batch jobs: ${jobsOut.length === 0 ? "none" : jobsOut.join(", ")}.`,
    "Nothing was sent and nothing was written.",
  ];
}

/** The estimated cost of sentences and vectors together. */
function totalOf({ enrichment, plan }: PlanReport): readonly string[] {
  if (enrichment === null || enrichment.costUsd === null) return [];
  const { costUsd } = plan.estimate;
  if (costUsd === null) return [];
  const total = dollars(enrichment.costUsd + costUsd);
  return [`Total with sentences of context: ${total}.`];
}

const sentence = (reason: string): string => `Plan: ${reason}.`;

function roadLine(estimate: Estimate | null): string {
  if (estimate === null) return "not offered by this provider";
  const { calls, jobs, texts, tokens, costUsd, seconds } = estimate;
  const counts = [
    count(calls, "call"),
    count(jobs, "job"),
    count(texts, "text"),
    count(tokens, "token"),
  ];
  return [...counts, dollars(costUsd), duration(seconds)].join(", ");
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, line]) => `  ${name.padEnd(width)}  ${line}`);
}
