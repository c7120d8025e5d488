import type { Command } from "commander";
import type { ResolvedConfig } from "../../config/schema.ts";
import { dollars } from "../../words/amounts.ts";
import { carryOut, type CommandContext, newCommand } from "../command.ts";
import type { Paint } from "../paint.ts";
import type { LastRun, Status } from "../../words/reports.ts";

/** The blocks of the configuration that are shown, in this order. */
const BLOCKS = [
  "embedding",
  "limits",
  "batching",
  "calls",
  "budget",
  "coalesce",
  "queries",
  "generation",
  "store",
] as const satisfies readonly (keyof ResolvedConfig)[];

/** Everything that `siterag status` tells; `--json` prints it as it is. */
interface StatusView extends Status, Pick<ResolvedConfig, (typeof BLOCKS)[number]> {
  /** Absolute path of the configuration file, or null. */
  readonly config: string | null;
}

/** `siterag status` */
export function statusCommand(context: CommandContext): Command {
  return newCommand(
    "status",
    "Show what the index holds, and the settings in force.",
    "status --json",
  ).action((_flags: object, command: Command) =>
    carryOut(context, command, async ({ config, file, paint, useCases }) => {
      const { index, lastRun, learnedQueries } = await useCases.readStatus({ config });
      const { embedding, limits, batching, calls, ...others } = config;
      const { budget, coalesce, queries, generation, store } = others;
      const sending = { embedding, limits, batching, calls, budget, coalesce, queries };
      const settings = { ...sending, generation, store };
      const view = { index, lastRun, learnedQueries, ...settings, config: file };
      return { json: view, text: asText(view, paint) };
    }),
  );
}

function asText(view: StatusView, paint: Paint): readonly string[] {
  return [
    ...indexLines(view, paint),
    ...lastRunLines(view.lastRun, paint),
    ...BLOCKS.flatMap((name) => ["", paint("bold", name), ...settingLines(view[name])]),
    "",
    `${paint("bold", "config")}  ${view.config ?? "no file; siterag uses the defaults"}`,
  ];
}

function indexLines({ index, learnedQueries }: Status, paint: Paint): readonly string[] {
  if (index === null) return [`${paint("bold", "index")}  none yet; run \`siterag index\``];
  const { space, name, ...counts } = index;
  const vectors = `${space.provider}, ${space.model}, ${space.dimensions} dimensions`;
  return [
    `${paint("bold", "index")}  ${name}`,
    ...settingLines({ ...counts, vectors, learnedQueries }),
  ];
}

function lastRunLines(lastRun: Status["lastRun"], paint: Paint): readonly string[] {
  if (lastRun === null) return [];
  const { at, enrichment, metrics } = lastRun;
  const { individualCalls, jobs, texts, tokens, costUsd, cacheHits, retries, errors } = metrics;
  const sent = { at, calls: individualCalls, jobs, texts, tokens, cost: dollars(costUsd) };
  return [
    "",
    paint("bold", "last run that sent something"),
    ...settingLines({ ...sent, cacheHits, retries, errors, ...enrichmentSettings(enrichment) }),
  ];
}

function enrichmentSettings(enrichment: LastRun["enrichment"]): object {
  if (enrichment === null) return {};
  const { sentences, costUsd } = enrichment;
  return { sentences, costOfSentences: costUsd === null ? "unknown" : dollars(costUsd) };
}

function settingLines(settings: object): readonly string[] {
  const entries = Object.entries(settings);
  const width = Math.max(...entries.map(([key]) => key.length));
  return entries.map(([key, value]) => `  ${key.padEnd(width)}  ${shown(value)}`);
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.map(String).join(", ") : String(value);
  return text === "null" ? "not set" : text;
}
