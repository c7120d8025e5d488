import { count } from "../../words/amounts.ts";
import {
  type AddCommand,
  newCommand,
  type Outcome,
  type Session,
  withSession,
} from "../command.ts";
import { showProgress } from "../progress.ts";

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
    withSession(context, async (session) =>
      removal(await session.useCases.pruneCache(optionsOf(session))),
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
      withSession<{ damaged?: boolean }, []>(context, async (session) => {
        const { damaged = false } = session.flags;
        const result = await session.useCases.clearCache({ ...optionsOf(session), damaged });
        const text = [
          "No damaged table of vectors, sentences or jobs is left. Run `siterag index` to go on.",
        ];
        return damaged ? { json: result, text } : removal(result);
      }),
    );
};

/** What removing needs: it waits until no other run writes. */
const optionsOf = ({ config, isJson, world }: Pick<Session, "config" | "isJson" | "world">) => {
  const { logger } = showProgress(world, isJson);
  return { config, logger, signal: world.signal };
};

const inEntries = (entries: number): string => count(entries, "entry", "entries");

const removal = (result: { readonly removed: number }): Outcome => ({
  json: result,
  text: [`Removed ${inEntries(result.removed)} from the cache.`],
});
