import type * as asking from "../searching/ask.ts";
import type * as cache from "../upkeep/cache.ts";
import type * as checking from "../searching/check.ts";
import type * as indexing from "../indexing/index-site.ts";
import type * as jobs from "../upkeep/jobs.ts";
import type * as planning from "../indexing/plan-site.ts";
import type * as relating from "../searching/related.ts";
import type * as searching from "../searching/search.ts";
import type * as status from "../upkeep/status.ts";

/** The use cases that commands call. */
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

/** Each imports its module when it is called, so `status` loads no parser and `--help` no database. */
export const USE_CASES: UseCases = {
  indexSite: async (options) => (await import("../indexing/index-site.ts")).indexSite(options),
  planSite: async (options) => (await import("../indexing/plan-site.ts")).planSite(options),
  search: async (options) => (await import("../searching/search.ts")).search(options),
  searchAll: async (options) => (await import("../searching/search.ts")).searchAll(options),
  ask: async (options) => (await import("../searching/ask.ts")).ask(options),
  checkQuestions: async (options) =>
    (await import("../searching/check.ts")).checkQuestions(options),
  related: async (options) => (await import("../searching/related.ts")).related(options),
  readStatus: async (options) => (await import("../upkeep/status.ts")).readStatus(options),
  cacheStats: async (options) => (await import("../upkeep/cache.ts")).cacheStats(options),
  pruneCache: async (options) => (await import("../upkeep/cache.ts")).pruneCache(options),
  clearCache: async (options) => (await import("../upkeep/cache.ts")).clearCache(options),
  listJobs: async (options) => (await import("../upkeep/jobs.ts")).listJobs(options),
  collectJobs: async (options) => (await import("../upkeep/jobs.ts")).collectJobs(options),
  cancelJob: async (options) => (await import("../upkeep/jobs.ts")).cancelJob(options),
};
