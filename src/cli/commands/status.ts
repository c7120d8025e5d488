import type { ResolvedConfig } from "../../config/schema.ts";
import { dollars } from "../../words/amounts.ts";
import { type AddCommand, newCommand, type Session, withSession } from "../command.ts";
import type { Paint } from "../paint.ts";
import { hasVectors } from "../../words/embedding-space.ts";
import type { Status } from "../../words/reports.ts";

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

/** `siterag status` */
export const addStatus: AddCommand = (program, context) => {
  const description = "Show what the index holds, and the settings in force.";
  newCommand(program, "status", description, "status --json").action(
    withSession(context, async (session) => {
      const { config, file, useCases } = session;
      const status = await useCases.readStatus({ config });
      const settings = Object.fromEntries(BLOCKS.map((name) => [name, config[name]]));
      return { json: { ...status, ...settings, config: file }, text: asText(status, session) };
    }),
  );
};

function asText(status: Status, { config, file, paint }: Session): readonly string[] {
  return [
    ...indexLines(status, paint),
    ...lastRunLines(status.lastRun, paint),
    ...BLOCKS.flatMap((name) => ["", paint("bold", name), ...settingLines(config[name])]),
    "",
    `${paint("bold", "config")}  ${file ?? "no file; siterag uses the defaults"}`,
  ];
}

function indexLines({ index, learnedQueries }: Status, paint: Paint): readonly string[] {
  if (index === null) return [`${paint("bold", "index")}  none yet; run \`siterag index\``];
  const { space, name, ...counts } = index;
  const vectors = hasVectors(space)
    ? `${space.provider}, ${space.model}, ${space.dimensions} dimensions`
    : "none; siterag searches by words";
  return [
    `${paint("bold", "index")}  ${name}`,
    ...settingLines({ ...counts, vectors, learnedQueries }),
  ];
}

function lastRunLines(lastRun: Status["lastRun"], paint: Paint): readonly string[] {
  if (lastRun === null) return [];
  const { at, enrichment, metrics } = lastRun;
  const { individualCalls, jobs, texts, tokens, costUsd, cacheHits, retries, errors } = metrics;
  const written = enrichment && {
    sentences: enrichment.sentences,
    costOfSentences: enrichment.costUsd === null ? "unknown" : dollars(enrichment.costUsd),
  };
  const sent = { at, calls: individualCalls, jobs, texts, tokens, cost: dollars(costUsd) };
  return [
    "",
    paint("bold", "last run that sent something"),
    ...settingLines({ ...sent, cacheHits, retries, errors, ...written }),
  ];
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
