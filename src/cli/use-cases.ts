import type * as asking from "../ask.ts";
import type * as cache from "../cache.ts";
import type * as checking from "../check.ts";
import type * as indexing from "../index-site.ts";
import type * as jobs from "../jobs.ts";
import type * as planning from "../plan-site.ts";
import type * as relating from "../related.ts";
import type * as searching from "../search.ts";
import type * as status from "../status.ts";

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
      import("../index-site.ts"),
      import("../plan-site.ts"),
      import("../search.ts"),
      import("../ask.ts"),
      import("../related.ts"),
      import("../status.ts"),
      import("../cache.ts"),
      import("../check.ts"),
      import("../jobs.ts"),
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
