import { count } from "../../words/amounts.ts";
import { type AddCommand, newCommand, type Outcome, withSession } from "../command.ts";

/** `siterag cache stats | prune | clear` */
export const addCache: AddCommand = (program, context) => {
  const description = "Count or remove cached vectors and sentences.";
  const cache = newCommand(program, "cache", description, "cache stats");
  newCommand(
    cache,
    "stats",
    "Count the cached vectors and sentences, and how many of them an index uses.",
    "cache stats --json",
  ).action(
    withSession(context, async ({ config, useCases }) => {
      const tables = await useCases.cacheStats({ config });
      const lines = tables.map(
        ({ table, entries, used }) => `${table}: ${inEntries(entries)}, ${used} in use`,
      );
      return { json: { tables }, text: lines.length === 0 ? ["The cache is empty."] : lines };
    }),
  );
  newCommand(
    cache,
    "prune",
    "Remove vectors and sentences that no index uses and that are older than 90 days.",
    "cache prune",
  ).action(
    withSession(context, async ({ config, useCases }) =>
      removal(await useCases.pruneCache({ config })),
    ),
  );
  newCommand(
    cache,
    "clear",
    "Remove all cached vectors and sentences; indexes keep their vectors, and changed pages are embedded again.",
    "cache clear",
  )
    .option("--damaged", "drop only the tables of vectors, sentences and jobs that cannot be read")
    .action(
      withSession<{ damaged?: boolean }, []>(context, async ({ config, useCases, flags }) => {
        const { damaged = false } = flags;
        const result = await useCases.clearCache({ config, damaged });
        const text = ["Dropped the damaged tables. Run `siterag index` to go on."];
        return damaged ? { json: result, text } : removal(result);
      }),
    );
};

const inEntries = (entries: number): string => count(entries, "entry", "entries");

const removal = (result: { readonly removed: number }): Outcome => ({
  json: result,
  text: [`Removed ${inEntries(result.removed)} from the cache.`],
});
