import type { Command } from "commander";
import { carryOut, type CommandContext, newCommand } from "../command.ts";
import type { CacheStats } from "../../words/reports.ts";

/** `siterag cache stats | prune | clear` */
export function cacheCommand(context: CommandContext): Command {
  return newCommand("cache", "Count or remove cached vectors and sentences.", "cache stats")
    .addCommand(statsCommand(context))
    .addCommand(pruneCommand(context))
    .addCommand(clearCommand(context));
}

const statsCommand = (context: CommandContext): Command =>
  newCommand(
    "stats",
    "Count the cached vectors and sentences, and how many of them an index uses.",
    "cache stats --json",
  ).action((_flags: object, command: Command) =>
    carryOut(context, command, async ({ config, useCases }) => {
      const tables = await useCases.cacheStats({ config });
      return { json: { tables }, text: asText(tables) };
    }),
  );

const pruneCommand = (context: CommandContext): Command =>
  newCommand(
    "prune",
    "Remove vectors and sentences that no index uses and that are older than 90 days.",
    "cache prune",
  ).action((_flags: object, command: Command) =>
    carryOut(context, command, async ({ config, useCases }) => {
      const result = await useCases.pruneCache({ config });
      return { json: result, text: [removed(result.removed)] };
    }),
  );

const clearCommand = (context: CommandContext): Command =>
  newCommand(
    "clear",
    "Remove all cached vectors and sentences; indexes keep their vectors, and changed pages are embedded again.",
    "cache clear",
  ).action((_flags: object, command: Command) =>
    carryOut(context, command, async ({ config, useCases }) => {
      const result = await useCases.clearCache({ config });
      return { json: result, text: [removed(result.removed)] };
    }),
  );

const asEntries = (entries: number): string =>
  `${entries.toLocaleString("en")} ${entries === 1 ? "entry" : "entries"}`;

const removed = (entries: number): string => `Removed ${asEntries(entries)} from the cache.`;

function asText(tables: readonly CacheStats[]): readonly string[] {
  if (tables.length === 0) return ["The cache is empty."];
  return tables.map(
    ({ table, entries, used }) => `${table}: ${asEntries(entries)}, ${used} in use`,
  );
}
