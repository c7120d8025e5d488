import type { ResolvedConfig } from "../config/schema.ts";
import { SiteragError } from "../words/errors.ts";
import { withReader } from "../store/index-reader.ts";
import type { Status } from "../words/reports.ts";

/** Counts what the store holds of this site. Takes no lock and writes nothing. */
export async function readStatus(options: { readonly config: ResolvedConfig }): Promise<Status> {
  const { store } = options.config;
  try {
    return await withReader(store, async (reader) => {
      const { pages, space, publishedAt } = reader.published;
      return {
        index: { name: store.index, pages, ...(await reader.counts()), space, publishedAt },
        lastRun: await reader.lastRun(),
        learnedQueries: await reader.queries.learned(space),
      };
    });
  } catch (error) {
    if (error instanceof SiteragError && error.code === "INDEX_MISSING") {
      return { index: null, lastRun: null, learnedQueries: 0 };
    }
    throw error;
  }
}
