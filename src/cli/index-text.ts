import type { ResolvedConfig } from "../config/schema.ts";
import { count, countIfAny, dollars, duration, grouped } from "../words/amounts.ts";
import type { IndexReport } from "../words/reports.ts";

const PARTS = ["added", "reused", "moved", "deleted", "pending", "failed"] as const;

/** Without warnings, failures and the plan's reason, which the logger has printed during the run. */
export function indexText(report: IndexReport, store: ResolvedConfig["store"]): readonly string[] {
  const { chunks, usage, failures } = report;
  const parts = PARTS.filter((part) => chunks[part] > 0 || part === "added" || part === "reused");
  const shares = parts.map((part) => `${grouped(chunks[part])} ${part}`).join(", ");
  const seconds = (report.durationMs / 1000).toFixed(1);
  const work = [
    ...(usage.calls > 0 || usage.jobs === 0 ? [count(usage.calls, "call")] : []),
    ...countIfAny(usage.jobs, "batch job"),
    count(usage.texts, "text"),
    count(usage.tokens, "token"),
  ];
  const cached = usage.cacheHits === 0 ? "" : `; ${count(usage.cacheHits, "text")} from the cache`;
  const advice = `${count(failures.length, "failure")}, listed above; run \`siterag index\` again.`;
  return [
    `Indexed ${count(report.pages, "page")} in ${seconds} s: ${count(chunks.total, "chunk")} (${shares}).`,
    `Used ${work.join(", ")}, ${dollars(usage.costUsd)}${cached}.`,
    ...callLines(report),
    ...enrichmentLines(report),
    ...againstAlwaysBatch(report),
    `Stored in ${store.uri}, index "${store.index}".`,
    ...(failures.length === 0 ? [] : [advice]),
  ];
}

/** How the calls went; nothing if there were none. */
function callLines({ metrics }: IndexReport): readonly string[] {
  const { averageLatencyMs: latencyMs, errors, longestQueue, poolUtilisation, retries } = metrics;
  const { individualCalls, textsPerCall } = metrics;
  if (individualCalls === 0) return [];
  const texts = textsPerCall.toLocaleString("en", { maximumFractionDigits: 1 });
  const each = `${texts} ${textsPerCall === 1 ? "text" : "texts"} each`;
  const percent = Math.round((poolUtilisation ?? 0) * 100);
  const parts = [
    ...(latencyMs === null
      ? ["no answers"]
      : [`${(latencyMs / 1000).toFixed(1)} s on average`, each]),
    ...countIfAny(retries, "retry", "retries"),
    ...(errors > 0 ? [`${grouped(errors)} failed`] : []),
    ...(poolUtilisation === null ? [] : [`${percent} % of call slots used`]),
    ...(longestQueue > 0 ? [`up to ${grouped(longestQueue)} waiting`] : []),
  ];
  return [`Calls: ${parts.join(", ")}.`];
}

/** What sentences of context cost; nothing if none were sent or collected. */
function enrichmentLines({ enrichment, usage }: IndexReport): readonly string[] {
  if (enrichment === null) return [];
  const { calls, costUsd, inputTokens, jobs, outputTokens, sentences } = enrichment;
  if (calls + jobs + sentences === 0) return [];
  const isCounted = inputTokens + outputTokens > 0;
  const tokens = `${count(inputTokens, "token")} read, ${count(outputTokens, "token")} written`;
  const work = [
    ...countIfAny(calls, "call"),
    ...countIfAny(jobs, "batch job"),
    isCounted ? `${tokens}, ${dollars(costUsd)}` : "tokens are counted when the job is collected",
  ];
  const isPriced = costUsd !== null && usage.costUsd !== null && isCounted;
  const total = isPriced ? `; total with vectors ${dollars(costUsd + usage.costUsd)}` : "";
  return [`${count(sentences, "sentence")} of context: ${work.join(", ")}${total}.`];
}

/** What jobs alone would have saved; nothing if no money, or if a price is unknown. */
function againstAlwaysBatch({ metrics }: IndexReport): readonly string[] {
  const { extraCostVsBatchUsd: saved, secondsSavedAgainstAlwaysBatch: seconds } = metrics;
  if (saved === null || saved <= 0) return [];
  const wait = `${duration(Math.abs(seconds))} ${seconds < 0 ? "shorter" : "longer"}`;
  const time = Math.round(seconds) === 0 ? "" : ` and taken ${wait}`;
  return [`Sending everything as batch jobs would have saved ${dollars(saved)}${time}.`];
}
