import { dirname, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { Command } from "commander";
import type { ResolvedConfig } from "../../config/schema.ts";
import { count, dollars, duration } from "../../words/amounts.ts";
import {
  carryOut,
  type CommandContext,
  newCommand,
  type Outcome,
  strategyOption,
} from "../command.ts";
import { readList } from "../list-file.ts";
import { planOutcome } from "../plan-text.ts";
import { showProgress } from "../progress.ts";
import type { IndexReport } from "../../words/reports.ts";

interface IndexFlags {
  readonly dryRun?: boolean;
  readonly batchFromFile?: string;
}

/** `siterag index` */
export function indexCommand(context: CommandContext): Command {
  return newCommand(
    "index",
    "Bring the index up to date with the site's Markdown.",
    "index --json > report.json",
  )
    .addOption(strategyOption())
    .option("--dry-run", "show the plan and its cost; send and write nothing")
    .option("--batch-from-file <file>", "index only the pages that this file lists, one per line")
    .action((_flags: IndexFlags, command: Command) =>
      carryOut<IndexFlags>(context, command, async ({ config, flags, ...session }) => {
        collectGarbageSooner();
        const { directory, useCases, world } = session;
        const { batchFromFile } = flags;
        const listed =
          batchFromFile === undefined
            ? {}
            : {
                only: await readList(directory, batchFromFile),
                onlyFrom: [dirname(resolve(directory, batchFromFile)), resolve(world.cwd)],
              };
        const progress = showProgress(world, flags.json === true);
        try {
          const { logger, onProgress } = progress;
          const options = { config, signal: world.signal, logger, onProgress, ...listed };
          return flags.dryRun === true
            ? planOutcome(await useCases.planSite(options))
            : outcomeOf(await useCases.indexSite(options), config);
        } finally {
          progress.stop();
        }
      }),
    );
}

/**
 * Parsing makes much garbage, and V8 would let the heap grow to several times what is in use:
 * `npm run bench:memory` shows the difference.
 */
function collectGarbageSooner(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=50");
}

function outcomeOf(report: IndexReport, config: ResolvedConfig): Outcome {
  const { failures, warnings, ...rest } = report;
  return {
    json: { ...rest, warnings: [...warnings, ...failures] },
    text: asText(report, config),
    exitCode: failures.length === 0 ? 0 : 1,
  };
}

/** How the calls went; nothing if there were none. */
function callLines({ metrics }: IndexReport): readonly string[] {
  const { averageLatencyMs, errors, longestQueue, poolUtilisation, retries, textsPerCall } =
    metrics;
  if (metrics.individualCalls === 0) return [];
  const texts = textsPerCall.toLocaleString("en", { maximumFractionDigits: 1 });
  const answered = [
    `${((averageLatencyMs ?? 0) / 1000).toFixed(1)} s on average`,
    `${texts} ${textsPerCall === 1 ? "text" : "texts"} each`,
  ];
  const places = `${Math.round((poolUtilisation ?? 0) * 100)} % of call slots used`;
  const parts = [
    ...(averageLatencyMs === null ? ["no answers"] : answered),
    ...(retries > 0
      ? [`${retries.toLocaleString("en")} ${retries === 1 ? "retry" : "retries"}`]
      : []),
    ...(errors > 0 ? [`${errors.toLocaleString("en")} failed`] : []),
    ...(poolUtilisation === null ? [] : [places]),
    ...(longestQueue > 0 ? [`up to ${longestQueue.toLocaleString("en")} waiting`] : []),
  ];
  return [`Calls: ${parts.join(", ")}.`];
}

/** What jobs alone would have saved; nothing if no money, or if a price is unknown. */
function againstAlwaysBatch({ metrics }: IndexReport): readonly string[] {
  const { costAboveAlwaysBatchUsd: saved, secondsSavedAgainstAlwaysBatch: seconds } = metrics;
  if (saved === null || saved <= 0) return [];
  const wait = `${duration(Math.abs(seconds))} ${seconds < 0 ? "shorter" : "longer"}`;
  const time = Math.round(seconds) === 0 ? "" : ` and taken ${wait}`;
  return [`Sending everything as batch jobs would have saved ${dollars(saved)}${time}.`];
}

/** What sentences of context cost; nothing if none were sent or collected. */
function enrichmentLines({ enrichment, usage }: IndexReport): readonly string[] {
  if (enrichment === null) return [];
  const { calls, costUsd, inputTokens, jobs, outputTokens, sentences } = enrichment;
  if (calls + jobs + sentences === 0) return [];
  const isCounted = inputTokens + outputTokens > 0;
  const sent = [
    ...(calls > 0 ? [count(calls, "call")] : []),
    ...(jobs > 0 ? [count(jobs, "batch job")] : []),
  ];
  const counted = [
    `${count(inputTokens, "token")} read`,
    `${count(outputTokens, "token")} written`,
    dollars(costUsd),
  ];
  const total =
    costUsd === null || usage.costUsd === null || !isCounted
      ? ""
      : `; total with vectors ${dollars(costUsd + usage.costUsd)}`;
  const work = [
    ...sent,
    ...(isCounted ? counted : ["tokens are counted when the job is collected"]),
  ];
  return [`${count(sentences, "sentence")} of context: ${work.join(", ")}${total}.`];
}

const PARTS = ["added", "reused", "moved", "deleted", "pending", "failed"] as const;

/** Without warnings, failures and the plan's reason, which the logger has printed during the run. */
function asText(report: IndexReport, config: ResolvedConfig): readonly string[] {
  const { chunks, usage, failures } = report;
  const parts = PARTS.filter((part) => chunks[part] > 0 || part === "added" || part === "reused");
  const shares = parts.map((part) => `${chunks[part].toLocaleString("en")} ${part}`).join(", ");
  const seconds = (report.durationMs / 1000).toFixed(1);
  const work = [
    ...(usage.calls > 0 || usage.jobs === 0 ? [count(usage.calls, "call")] : []),
    ...(usage.jobs > 0 ? [count(usage.jobs, "batch job")] : []),
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
    `Stored in ${config.store.uri}, index "${config.store.index}".`,
    ...(failures.length === 0 ? [] : [advice]),
  ];
}
