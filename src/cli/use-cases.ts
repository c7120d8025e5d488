import type * as asking from "../searching/ask.ts";
import type * as cache from "../upkeep/cache.ts";
import type * as checking from "../searching/check.ts";
import type * as indexing from "../indexing/index-site.ts";
import type * as jobs from "../upkeep/jobs.ts";
import type * as planning from "../indexing/plan-site.ts";
import type * as relating from "../searching/related.ts";
import type * as searching from "../searching/search.ts";
import type * as status from "../upkeep/status.ts";

/** What the commands can call. */
export interface UseCases {
  readonly indexSite: typeof indexing.indexSite;
  readonly planSite: typeof planning.planSite;
  readonly search: typeof searching.search;
  readonly searchAll: typeof searching.searchAll;
  readonly ask: typeof asking.ask;
  readonly checkQuestions: typeof checking.checkQuestions;
  readonly related: typeof relating.related;
  readonly readStatus: typeof status.readStatus;
  readonly cacheStats: typeof cache.cacheStats;
  readonly pruneCache: typeof cache.pruneCache;
  readonly clearCache: typeof cache.clearCache;
  readonly listJobs: typeof jobs.listJobs;
  readonly collectJobs: typeof jobs.collectJobs;
  readonly cancelJob: typeof jobs.cancelJob;
}

/** Imports them on first use: `--help` and a wrong flag need no database. */
export async function loadUseCases(): Promise<UseCases> {
  const [indexSite, planSite, search, ask, related, status, cache, check, jobs] = await Promise.all(
    [
      import("../indexing/index-site.ts"),
      import("../indexing/plan-site.ts"),
      import("../searching/search.ts"),
      import("../searching/ask.ts"),
      import("../searching/related.ts"),
      import("../upkeep/status.ts"),
      import("../upkeep/cache.ts"),
      import("../searching/check.ts"),
      import("../upkeep/jobs.ts"),
    ],
  );
  return {
    ...indexSite,
    ...planSite,
    ...search,
    ...ask,
    ...related,
    ...status,
    ...cache,
    ...check,
    ...jobs,
  };
}
